import type { Manifest } from '../model/objects.ts';
import { timestamp } from '../model/objects.ts';
import { manifest } from './manifests.ts';

const minuteMs = 60 * 1000;

/** A node that has been going up and down within the last hour. */
export function flappingEvents(region: string, node: Manifest): Manifest[] {
  const name = node.metadata.name ?? '';
  const texts = [
    ['NodeNotReady', `Node ${name} status is now: NodeNotReady`, 'node-controller', 'Normal', 9, 4],
    ['NodeReady', `Node ${name} status is now: NodeReady`, 'kubelet', 'Normal', 9, 3],
    [
      'KubeletNotReady',
      'PLEG is not healthy: pleg was last seen active 3m12s ago; threshold is 3m0s',
      'kubelet',
      'Warning',
      14,
      5,
    ],
    [
      'FrequentKubeletRestart',
      'Found 6 matching logs, which meets the threshold of 5',
      'node-problem-detector',
      'Warning',
      3,
      8,
    ],
  ] as const;
  return texts.map(([reason, message, component, type, count, minutesAgo]) => ({
    ...manifest({
      region,
      apiVersion: 'v1',
      kind: 'Event',
      name: `${name}.${reason.toLowerCase()}`,
      namespace: 'default',
      ageDays: 0.04,
    }),
    involvedObject: { kind: 'Node', name, uid: node.metadata.uid, apiVersion: 'v1' },
    reason,
    message,
    source: { component, ...(component === 'kubelet' ? { host: name } : {}) },
    firstTimestamp: timestamp(Date.now() - 55 * minuteMs),
    lastTimestamp: timestamp(Date.now() - minutesAgo * minuteMs),
    count,
    type,
    eventTime: null,
    reportingComponent: component,
    reportingInstance: '',
  }));
}
