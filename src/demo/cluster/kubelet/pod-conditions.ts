import type { ContainerStatus } from '../model/container-schemas.ts';
import type { Condition } from '../model/objects.ts';

/** Where a pod's containers stand. */
export interface Progress {
  /** Its network is up: containers may be created. */
  readonly sandbox: boolean;
  readonly initContainers: readonly ContainerStatus[];
  readonly containers: readonly ContainerStatus[];
  /** Set when all have ended for good. */
  readonly over?: 'Succeeded' | 'Failed' | undefined;
}

interface Said {
  readonly holds: boolean;
  readonly reason?: string;
  readonly message?: string;
}

function namesOf(statuses: readonly ContainerStatus[]): string {
  return `[${statuses.map(({ name }) => name).join(' ')}]`;
}

/** Whether the containers after an init container may start: it has run through or, as a sidecar, runs. */
export function isInitialized({ state }: ContainerStatus): boolean {
  return state?.running !== undefined || state?.terminated?.exitCode === 0;
}

function readiness({ containers, over }: Progress): Said {
  if (over === 'Succeeded') return { holds: false, reason: 'PodCompleted' };
  if (over === 'Failed') return { holds: false, reason: 'PodFailed' };
  const unready = containers.filter(({ ready }) => ready !== true);
  if (unready.length === 0) return { holds: true };
  const message = `containers with unready status: ${namesOf(unready)}`;
  return { holds: false, reason: 'ContainersNotReady', message };
}

function initialization({ initContainers, over }: Progress): Said {
  if (over === 'Succeeded') return { holds: true, reason: 'PodCompleted' };
  const missing = initContainers.filter((each) => !isInitialized(each));
  if (missing.length === 0) return { holds: true };
  const message = `containers with incomplete status: ${namesOf(missing)}`;
  return { holds: false, reason: 'ContainersNotInitialized', message };
}

/** The kubelet's conditions of a pod, in its order, then those of others; a transition time moves with the status. */
export function podConditions(
  before: readonly Condition[],
  progress: Progress,
  at: string,
): Condition[] {
  const ready = readiness(progress);
  const wanted: Readonly<Record<string, Said>> = {
    PodReadyToStartContainers: { holds: progress.sandbox && progress.over === undefined },
    Initialized: initialization(progress),
    ContainersReady: ready,
    Ready: ready,
    PodScheduled: { holds: true },
  };
  const own = Object.entries(wanted).map(([type, { holds, ...because }]): Condition => {
    const status = holds ? 'True' : 'False';
    const same = before.find((each) => each.type === type && each.status === status);
    const since = same?.lastTransitionTime ?? at;
    return { type, status, lastProbeTime: null, lastTransitionTime: since, ...because };
  });
  return [...own, ...before.filter((condition) => !(condition.type in wanted))];
}
