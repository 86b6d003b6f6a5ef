import { randomInt } from 'node:crypto';
import type { ContainerStatus } from '../model/container-schemas.ts';
import { controllerOf } from '../model/objects.ts';
import type { Pod } from '../model/schemas.ts';
import {
  type ContainerEnd,
  creatingContainer,
  endedContainer,
  startedContainer,
} from './container-states.ts';
import { imageIdOf } from './image-cache.ts';
import { parseImage, usualDigest } from './image-reference.ts';
import type { Moment } from './moment.ts';
import { type Progress, podConditions } from './pod-conditions.ts';

type Status = NonNullable<Pod['status']>;

/** A Job's pod is never restarted as a whole, whatever its template leaves open. */
function restartPolicyOf(pod: Pod): string {
  const policy = pod.spec.restartPolicy ?? 'Always';
  return policy === 'Always' && controllerOf(pod)?.kind === 'Job' ? 'Never' : policy;
}

/** Whether a container that has ended is started once more. */
export function isRestarted(pod: Pod, { state }: ContainerStatus): boolean {
  const policy = restartPolicyOf(pod);
  if (policy === 'OnFailure') return state?.terminated?.exitCode !== 0;
  return policy === 'Always';
}

/** Whether its containers end by themselves. */
export function runsToItsEnd(pod: Pod): boolean {
  return restartPolicyOf(pod) !== 'Always';
}

function wasStarted({ state, lastState }: ContainerStatus): boolean {
  return state?.waiting === undefined || lastState?.terminated !== undefined;
}

function endOf(pod: Pod, containers: readonly ContainerStatus[]): Progress['over'] {
  const ended = (each: ContainerStatus) =>
    each.state?.terminated !== undefined && !isRestarted(pod, each);
  if (!containers.every(ended)) return undefined;
  const failed = containers.some(({ state }) => state?.terminated?.exitCode !== 0);
  return failed ? 'Failed' : 'Succeeded';
}

/** A pod's status, by what its containers do; they may be over, whatever they do, where the kubelet ended them. */
export function podStatus(pod: Pod, progress: Progress, { hostIP, at }: Moment): Status {
  const before = pod.status ?? {};
  const { containers, initContainers, sandbox } = progress;
  const over = progress.over ?? endOf(pod, containers);
  const phase = over ?? (containers.every(wasStarted) ? 'Running' : 'Pending');
  return {
    ...before,
    phase,
    conditions: podConditions(before.conditions ?? [], { ...progress, over }, at),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(sandbox ? addressesOf(before) : {}),
    startTime: before.startTime ?? at,
    ...(initContainers.length === 0 ? {} : { initContainerStatuses: [...initContainers] }),
    containerStatuses: [...containers],
  };
}

function addressesOf({ podIP = `10.244.${randomInt(1, 255)}.${randomInt(1, 255)}` }: Status) {
  return { podIP, podIPs: [{ ip: podIP }] };
}

/** Of a pod whose containers all run, started at this moment; Ready or not yet. */
export function runningStatus(pod: Pod, moment: Moment, ready: boolean): Status {
  const containers = pod.spec.containers.map((container) => {
    const image = parseImage(container.image);
    const imageId = image === undefined ? '' : imageIdOf(image, usualDigest(image));
    const created = creatingContainer(container, 'ContainerCreating');
    return { ...startedContainer(created, container, { at: moment.at, imageId }), ready };
  });
  return podStatus(pod, { sandbox: true, initContainers: [], containers }, moment);
}

/** Of a pod whose running containers end like this; for good, where the kubelet does not start them again. */
export function endedStatus(
  pod: Pod,
  end: Pick<ContainerEnd, 'exitCode' | 'reason'> & Pick<Progress, 'over'>,
  moment: Moment,
): Status {
  const { exitCode, reason, over } = end;
  const { containerStatuses = [], initContainerStatuses: initContainers = [] } = pod.status ?? {};
  const containers = containerStatuses.map((each) =>
    each.state?.running === undefined
      ? each
      : endedContainer(each, { exitCode, reason, at: moment.at }),
  );
  return podStatus(pod, { sandbox: true, initContainers, containers, over }, moment);
}

/** What the node controller writes when the kubelet no longer answers. */
export function unreachableStatus(pod: Pod, at: string): Status {
  const conditions = (pod.status?.conditions ?? []).map((condition) =>
    condition.type === 'Ready' && condition.status === 'True'
      ? { ...condition, status: 'False', lastTransitionTime: at }
      : condition,
  );
  return { ...pod.status, conditions };
}
