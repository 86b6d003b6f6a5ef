import type { KubeObject } from '../model/objects.ts';
import {
  age,
  at,
  type Column,
  column,
  createdAt,
  listAt,
  nameColumn,
  since,
  text,
  textAt,
  wide,
} from './column.ts';
import { podReadiness, podRestarts, podStatus } from './pod-cells.ts';

const rolePrefix = 'node-role.kubernetes.io/';

function nodeStatus(node: KubeObject): string {
  const ready = listAt(node, 'status.conditions').find((each) => at(each, 'type') === 'Ready');
  const said = ready === undefined ? 'Unknown' : readiness(ready);
  return at(node, 'spec.unschedulable') === true ? `${said},SchedulingDisabled` : said;
}

function readiness(condition: unknown): string {
  return at(condition, 'status') === 'True' ? 'Ready' : 'NotReady';
}

function nodeRoles({ metadata }: KubeObject): string {
  const labels = Object.keys(metadata.labels ?? {});
  const roles = labels.filter((each) => each.startsWith(rolePrefix));
  return (
    roles
      .map((each) => each.slice(rolePrefix.length))
      .sort()
      .join(',') || '<none>'
  );
}

function nodeAddress(type: string): (node: KubeObject) => string {
  return (node) => {
    const found = listAt(node, 'status.addresses').find((each) => at(each, 'type') === type);
    return textAt(found, 'address');
  };
}

function eventSeen(field: 'firstTimestamp' | 'lastTimestamp') {
  return (event: KubeObject, nowMs: number) => since(event[field] ?? event['eventTime'], nowMs);
}

function eventObject(event: KubeObject): string {
  const kind = textAt(event, 'involvedObject.kind').toLowerCase();
  return `${kind}/${textAt(event, 'involvedObject.name')}`;
}

function servicePorts(service: KubeObject): string {
  const ports = listAt(service, 'spec.ports').map((each) => {
    const nodePort = textAt(each, 'nodePort', '');
    return `${textAt(each, 'port')}${nodePort === '' ? '' : `:${nodePort}`}/${textAt(each, 'protocol', 'TCP')}`;
  });
  return ports.join(',') || '<none>';
}

function labelled(labels: unknown): string {
  const parts = Object.entries(Object(labels ?? {})).map(([key, value]) => `${key}=${value}`);
  return parts.join(',') || '<none>';
}

/** `pods: 1/2`: what is used of what there is, of limits or of everything else. */
function quotaUse(ofLimits: boolean): (quota: KubeObject) => string {
  return (quota) => {
    const hard = Object.entries(Object(at(quota, 'status.hard') ?? {}));
    const used = Object(at(quota, 'status.used') ?? {});
    return hard
      .filter(([name]) => name.startsWith('limits.') === ofLimits)
      .sort()
      .map(([name, amount]) => `${name}: ${used[name] ?? 0}/${amount}`)
      .join(', ');
  };
}

/** The columns of the core group, by kind. */
export const coreColumns: Readonly<Record<string, readonly Column[]>> = {
  Pod: [
    nameColumn,
    column('Ready', podReadiness),
    column('Status', podStatus),
    column('Restarts', podRestarts),
    age,
    ...wide([
      text('IP', 'status.podIP'),
      text('Node', 'spec.nodeName'),
      text('Nominated Node', 'status.nominatedNodeName'),
      text('Readiness Gates', 'spec.readinessGates'),
    ]),
  ],
  Node: [
    nameColumn,
    column('Status', nodeStatus),
    column('Roles', nodeRoles),
    age,
    text('Version', 'status.nodeInfo.kubeletVersion', ''),
    ...wide([
      column('Internal-IP', nodeAddress('InternalIP')),
      column('External-IP', nodeAddress('ExternalIP')),
      text('OS-Image', 'status.nodeInfo.osImage', '<unknown>'),
      text('Kernel-Version', 'status.nodeInfo.kernelVersion', '<unknown>'),
      text('Container-Runtime', 'status.nodeInfo.containerRuntimeVersion', '<unknown>'),
    ]),
  ],
  Namespace: [nameColumn, text('Status', 'status.phase'), age],
  Event: [
    column('Last Seen', eventSeen('lastTimestamp')),
    text('Type', 'type'),
    text('Reason', 'reason'),
    column('Object', eventObject),
    ...wide([
      text('Subobject', 'involvedObject.fieldPath', ''),
      column('Source', (event) => textAt(event, 'source.component', '')),
    ]),
    column('Message', (event) => textAt(event, 'message', '').trim()),
    ...wide([
      column('First Seen', eventSeen('firstTimestamp')),
      text('Count', 'count', '1'),
      nameColumn,
    ]),
  ],
  Service: [
    nameColumn,
    text('Type', 'spec.type', 'ClusterIP'),
    text('Cluster-IP', 'spec.clusterIP'),
    column('External-IP', () => '<none>'),
    column('Port(s)', servicePorts),
    age,
    ...wide([column('Selector', (service) => labelled(at(service, 'spec.selector')))]),
  ],
  ConfigMap: [
    nameColumn,
    column('Data', (map) => String(Object.keys(Object(at(map, 'data') ?? {})).length)),
    age,
  ],
  ServiceAccount: [
    nameColumn,
    column('Secrets', (account) => listAt(account, 'secrets').length, 'integer'),
    age,
  ],
  ResourceQuota: [
    nameColumn,
    column('Request', quotaUse(false)),
    column('Limit', quotaUse(true)),
    age,
  ],
  LimitRange: [nameColumn, createdAt],
  PersistentVolumeClaim: [
    nameColumn,
    text('Status', 'status.phase', 'Pending'),
    text('Volume', 'spec.volumeName', ''),
    text('Capacity', 'status.capacity.storage', ''),
    column('Access Modes', (claim) => listAt(claim, 'spec.accessModes').join(',')),
    text('StorageClass', 'spec.storageClassName', ''),
    age,
  ],
  PersistentVolume: [
    nameColumn,
    text('Capacity', 'spec.capacity.storage', ''),
    column('Access Modes', (volume) => listAt(volume, 'spec.accessModes').join(',')),
    text('Reclaim Policy', 'spec.persistentVolumeReclaimPolicy', ''),
    text('Status', 'status.phase', ''),
    column('Claim', ({ spec }) => claimOf(spec)),
    text('StorageClass', 'spec.storageClassName', ''),
    age,
  ],
};

function claimOf(spec: unknown): string {
  const name = textAt(spec, 'claimRef.name', '');
  return name === '' ? '' : `${textAt(spec, 'claimRef.namespace')}/${name}`;
}
