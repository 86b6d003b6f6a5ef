import type { LimitFunction } from 'p-limit';
import type { Pod } from '../../kubernetes/resources/pod.ts';
import { Pod as PodType } from '../../kubernetes/resources/pod.ts';
import type { Effect, ExecuteContext } from '../action.ts';
import type { Wake } from '../wake.ts';
import type { DrainInput } from './drain-input.ts';
import type { DrainProgress } from './drain-progress.ts';

/** What the parts of one drain share while it is carried out. */
export interface DrainRun {
  readonly context: ExecuteContext;
  readonly input: DrainInput;
  /** Ends with the process, or when one pod of this drain has failed. */
  readonly signal: AbortSignal;
  /** Ends the whole drain: one pod of it has failed. */
  readonly stop: (error: unknown) => void;
  /** Rings when a disruption budget changes. */
  readonly wake: Wake;
  readonly progress: DrainProgress;
  /** Lets `maxParallel` pods be on their way at once; waiting for a budget takes no slot. */
  readonly slots: LimitFunction;
}

/** Between mutations and in each turn of waiting: has anybody asked to stop, is there time left? */
export async function checkpoint({ context, signal }: DrainRun): Promise<void> {
  signal.throwIfAborted();
  await context.checkpoint();
}

export function sleep({ context, signal }: DrainRun, ms: number): Promise<void> {
  return context.clock.sleep(ms, signal);
}

/** The very pod of an effect: one of the same name and another UID is not it. */
export async function findPod(
  { cluster }: Pick<ExecuteContext, 'cluster'>,
  { object }: Effect,
): Promise<Pod | undefined> {
  const pod = await cluster.find(PodType, { namespace: object.namespace, name: object.name });
  return pod?.metadata.uid === object.uid ? pod : undefined;
}

export function podText({ object }: Effect): string {
  return `${object.namespace}/${object.name}`;
}
