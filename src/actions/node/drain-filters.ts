import { parseDuration } from '../../duration.ts';
import type { Pod } from '../../kubernetes/resources/pod.ts';
import { outlookOf } from '../budget-outlook.ts';
import { ownerText } from '../owners.ts';
import { hasFinished, isMirror, isTerminating } from '../pod-state.ts';
import type { PodOnNode } from './pods-on-node.ts';

/** What becomes of a pod when its node is drained. */
export type Verdict =
  | 'leaves now'
  | 'leaves by restart'
  | 'waits'
  | 'never'
  | 'stays'
  | 'already leaving'
  | 'needs a decision';

/** Why a filter holds a pod back, and the way out; with `exception`, the operator may accept it by that name. */
export interface Held {
  readonly verdict: Exclude<Verdict, 'leaves now' | 'leaves by restart'>;
  readonly reason: string;
  readonly wayOut?: string;
  readonly exception?: string;
}

type DrainFilter = (on: PodOnNode, now: number) => Held | undefined;

export const BARE_PODS = 'bare-pods';
export const LOCAL_DATA = 'local-data';
export const DO_NOT_DISRUPT = 'do-not-disrupt';
export const LEAVE_PROTECTED = 'leave-protected-pods';

/** In the order of kubectl: what is no business of a drain first, then what a person has to decide, then budgets. */
export const drainFilters: readonly DrainFilter[] = [
  mirror,
  daemonSet,
  finished,
  terminating,
  bare,
  localData,
  doNotDisrupt,
  budget,
];

function mirror({ pod }: PodOnNode): Held | undefined {
  if (!isMirror(pod)) return undefined;
  return { verdict: 'stays', reason: 'a static pod of the kubelet: it goes with the machine' };
}

function daemonSet({ owner }: PodOnNode): Held | undefined {
  if (owner?.kind !== 'DaemonSet' || owner.missing) return undefined;
  return { verdict: 'stays', reason: `${ownerText(owner)} would put it back at once` };
}

function finished({ pod }: PodOnNode): Held | undefined {
  if (!hasFinished(pod)) return undefined;
  return { verdict: 'stays', reason: `has finished (${pod.status.phase}): nothing runs in it` };
}

function terminating({ pod }: PodOnNode): Held | undefined {
  if (!isTerminating(pod)) return undefined;
  return {
    verdict: 'already leaving',
    reason: `Terminating since ${pod.metadata.deletionTimestamp}`,
  };
}

function bare({ owner }: PodOnNode): Held | undefined {
  if (owner !== undefined && !owner.missing) return undefined;
  const why =
    owner === undefined ? 'it has no controller' : `its ${ownerText(owner)} does not exist`;
  return {
    verdict: 'needs a decision',
    reason: `${why}: nothing will recreate it`,
    wayOut: 'give it an owner or delete it yourself',
    exception: BARE_PODS,
  };
}

function localData({ pod }: PodOnNode): Held | undefined {
  const names = pod.spec.volumes
    .filter(({ emptyDir }) => emptyDir !== undefined && emptyDir.medium !== 'Memory')
    .map(({ name }) => name);
  if (names.length === 0) return undefined;
  return {
    verdict: 'needs a decision',
    reason: `the data in its emptyDir ${names.join(', ')} is lost`,
    wayOut: 'save what is needed',
    exception: LOCAL_DATA,
  };
}

/** Marks by which workloads ask not to be moved, in the words of those who invented them. */
function doNotDisrupt({ pod }: PodOnNode, now: number): Held | undefined {
  const mark = karpenterMark(pod, now) ?? autoscalerMark(pod) ?? clusterApiMark(pod);
  if (mark === undefined) return undefined;
  return {
    verdict: 'needs a decision',
    reason: `it asks not to be moved (${mark})`,
    wayOut: 'wait for its work to end or ask its owner',
    exception: DO_NOT_DISRUPT,
  };
}

/** `true`, or for a duration from the pod's start. */
function karpenterMark({ metadata, status }: Pod, now: number): string | undefined {
  const key = 'karpenter.sh/do-not-disrupt';
  const value = metadata.annotations[key];
  if (value === undefined || value === 'false') return undefined;
  const duration = parseDuration(value);
  if (value !== 'true' && duration === undefined) return undefined;
  const startedAt = Date.parse(status.startTime ?? metadata.creationTimestamp);
  const isOver = duration !== undefined && now > startedAt + duration;
  return isOver ? undefined : `${key}: ${value}`;
}

function autoscalerMark({ metadata }: Pod): string | undefined {
  const key = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
  return metadata.annotations[key] === 'false' ? `${key}: false` : undefined;
}

function clusterApiMark({ metadata }: Pod): string | undefined {
  const key = 'cluster.x-k8s.io/drain';
  const value = metadata.labels[key] ?? '';
  return /^(skip|wait-completed)$/i.test(value) ? `${key}: ${value}` : undefined;
}

function budget({ pod, budgets }: PodOnNode): Held | undefined {
  const outlook = outlookOf(pod, budgets);
  switch (outlook.status) {
    case 'free':
    case 'allows':
      return undefined;
    case 'waits':
      return { verdict: 'waits', reason: outlook.why };
    case 'never':
      return {
        verdict: 'never',
        reason: outlook.why,
        wayOut: outlook.wayOut,
        exception: LEAVE_PROTECTED,
      };
  }
}
