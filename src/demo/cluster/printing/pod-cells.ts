import { isRecord, type KubeObject } from '../model/objects.ts';
import { at, listAt, numberAt, since, textAt } from './column.ts';

/** `1/2`: containers that are ready, of all. */
export function podReadiness(pod: KubeObject): string {
  const containers = listAt(pod, 'spec.containers');
  const ready = listAt(pod, 'status.containerStatuses').filter(
    (each) => at(each, 'ready') === true,
  );
  return `${ready.length}/${containers.length}`;
}

/** How often its containers were started again, and when last: `3 (5m ago)`. */
export function podRestarts(pod: KubeObject, nowMs: number): string {
  let restarts = 0;
  let last = '';
  for (const container of listAt(pod, 'status.containerStatuses')) {
    restarts += numberAt(container, 'restartCount');
    const finished = textAt(container, 'lastState.terminated.finishedAt', '');
    if (finished > last) last = finished;
  }
  return restarts === 0 || last === ''
    ? String(restarts)
    : `${restarts} (${since(last, nowMs)} ago)`;
}

/**
 * What is to be known of a pod in one word: its phase, unless a container or its deletion tells more.
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/printers/internalversion/printers.go
 */
export function podStatus(pod: KubeObject): string {
  const phase = textAt(pod, 'status.phase', 'Pending');
  const ofPod = isGated(pod) ? 'SchedulingGated' : textAt(pod, 'status.reason', phase);
  const known = initialising(pod) ?? ofContainers(pod, ofPod);
  const hasEnded = phase === 'Succeeded' || phase === 'Failed';
  return pod.metadata.deletionTimestamp === undefined || hasEnded ? known : 'Terminating';
}

function isGated(pod: KubeObject): boolean {
  return listAt(pod, 'status.conditions').some(
    (each) => at(each, 'type') === 'PodScheduled' && at(each, 'reason') === 'SchedulingGated',
  );
}

/** `Init:1/2` while the init containers run, `Init:Error` where one failed; undefined once they are through. */
function initialising(pod: KubeObject): string | undefined {
  const total = listAt(pod, 'spec.initContainers').length;
  for (const [index, container] of listAt(pod, 'status.initContainerStatuses').entries()) {
    const terminated = at(container, 'state.terminated');
    if (isRecord(terminated)) {
      if (terminated['exitCode'] === 0) continue;
      return `Init:${reasonOfEnd(terminated)}`;
    }
    const waiting = textAt(container, 'state.waiting.reason', 'PodInitializing');
    return waiting === 'PodInitializing' ? `Init:${index}/${total}` : `Init:${waiting}`;
  }
  return undefined;
}

function ofContainers(pod: KubeObject, ofPod: string): string {
  let reason = ofPod;
  let runs = false;
  for (const container of listAt(pod, 'status.containerStatuses').toReversed()) {
    const terminated = at(container, 'state.terminated');
    const waiting = textAt(container, 'state.waiting.reason', '');
    if (waiting !== '') reason = waiting;
    else if (isRecord(terminated)) reason = reasonOfEnd(terminated);
    else if (at(container, 'ready') === true) runs = true;
  }
  return reason === 'Completed' && runs ? 'Running' : reason;
}

function reasonOfEnd(terminated: Record<string, unknown>): string {
  const reason = textAt(terminated, 'reason', '');
  if (reason !== '') return reason;
  const signal = numberAt(terminated, 'signal');
  return signal === 0 ? `ExitCode:${numberAt(terminated, 'exitCode')}` : `Signal:${signal}`;
}
