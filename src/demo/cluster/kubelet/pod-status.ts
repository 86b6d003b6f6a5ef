import { randomInt, randomUUID } from 'node:crypto';
import type { Condition } from '../model/objects.ts';
import type { Pod } from '../model/schemas.ts';

type Status = NonNullable<Pod['status']>;

const unready = { reason: 'ContainersNotReady' };

/** The kubelet's conditions, in its order, then those of others. */
function withConditions(
  status: Status,
  wanted: Readonly<Record<string, boolean>>,
  at: string,
): Condition[] {
  const before: Condition[] = status.conditions ?? [];
  const own = Object.entries(wanted).map(([type, holds]): Condition => {
    const because = type.endsWith('Ready') && !holds ? unready : {};
    const said = { type, status: holds ? 'True' : 'False', lastProbeTime: null, ...because };
    const same = before.find((each) => each.type === type && each.status === said.status);
    return { ...said, lastTransitionTime: same?.lastTransitionTime ?? at };
  });
  return [...own, ...before.filter((condition) => !(condition.type in wanted))];
}

/** Where a pod is, and since when what is said of it holds. */
interface Moment {
  readonly hostIP: string;
  readonly at: string;
}

/** On a node, its containers being created. */
export function creatingStatus(pod: Pod, { hostIP, at }: Moment): Status {
  const status = pod.status ?? {};
  return {
    ...status,
    phase: 'Pending',
    conditions: withConditions(
      status,
      {
        PodReadyToStartContainers: false,
        Initialized: true,
        ContainersReady: false,
        Ready: false,
        PodScheduled: true,
      },
      at,
    ),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    startTime: at,
    containerStatuses: pod.spec.containers.map((container) => ({
      name: container.name,
      state: { waiting: { reason: 'ContainerCreating' } },
      lastState: {},
      ready: false,
      restartCount: 0,
      image: container.image,
      imageID: '',
      started: false,
    })),
  };
}

/** Its containers run; Ready or not yet. */
export function runningStatus(pod: Pod, { hostIP, at }: Moment, ready: boolean): Status {
  const status = pod.status ?? {};
  const podIP = status.podIP ?? `10.244.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  return {
    ...status,
    phase: 'Running',
    conditions: withConditions(
      status,
      {
        PodReadyToStartContainers: true,
        Initialized: true,
        ContainersReady: ready,
        Ready: ready,
        PodScheduled: true,
      },
      at,
    ),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: status.startTime ?? at,
    containerStatuses: pod.spec.containers.map((container) => ({
      ...runningContainer(status, container.name, at),
      name: container.name,
      lastState: {},
      ready,
      restartCount: 0,
      image: container.image,
      imageID: `simulated://${container.image}`,
      started: true,
      allocatedResources: container.resources?.requests ?? {},
      resources: container.resources ?? {},
    })),
  };
}

/** The id and start of a container that runs already, else new ones. */
function runningContainer(status: Status, name: string, at: string): Record<string, unknown> {
  const before = status.containerStatuses?.find((each) => each.name === name);
  const containerID = before?.['containerID'];
  if (typeof containerID === 'string') return { state: before?.['state'], containerID };
  return {
    state: { running: { startedAt: at } },
    containerID: `containerd://${randomUUID()}`,
  };
}

/** Its containers have ended with this exit code. */
export function finishedStatus(pod: Pod, exitCode: number, at: string): Status {
  const status = pod.status ?? {};
  const succeeded = exitCode === 0;
  const done = { reason: succeeded ? 'PodCompleted' : 'PodFailed' };
  const conditions = (status.conditions ?? []).map((condition) =>
    condition.type === 'Ready' || condition.type === 'ContainersReady'
      ? { ...condition, status: 'False', ...done, lastTransitionTime: at }
      : condition,
  );
  const { containerStatuses = [] } = status;
  return {
    ...status,
    phase: succeeded ? 'Succeeded' : 'Failed',
    conditions,
    containerStatuses: containerStatuses.map((container) => ({
      ...container,
      ready: false,
      started: false,
      state: {
        terminated: {
          exitCode,
          reason: succeeded ? 'Completed' : 'Error',
          startedAt: status.startTime,
          finishedAt: at,
        },
      },
    })),
  };
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
