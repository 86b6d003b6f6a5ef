import type { LimitFunction } from 'p-limit';
import { Pod } from '../../kubernetes/resources/pod.ts';
import type { Effect, ExecuteContext } from '../action.ts';
import type { ClusterReader } from '../cluster-reader.ts';
import type { Wake } from '../wake.ts';
import type { DrainInput } from './drain-input.ts';
import type { DrainProgress } from './drain-progress.ts';
import type { DrainView } from './drain-view.ts';

const TICK_MS = 1_000;

/** What the parts of one drain share while it is carried out. */
export interface DrainRun {
  readonly context: ExecuteContext;
  readonly input: DrainInput;
  /** Ends with the process, or when one pod of this drain has failed. */
  readonly signal: AbortSignal;
  /** Ends the whole drain: one pod of it has failed. */
  readonly stop: (error: unknown) => void;
  /** Reads from memory what a few watches keep there. */
  readonly live: ClusterReader;
  readonly view: DrainView;
  /** Rings when something in `live` changes. */
  readonly wake: Wake;
  readonly progress: DrainProgress;
  /** Lets `maxParallel` pods be on their way at once; waiting for a budget takes no slot. */
  readonly slots: LimitFunction;
}

/** Before each change: has anybody asked to stop, is there time left? */
export async function checkpoint({ context, signal }: DrainRun): Promise<void> {
  signal.throwIfAborted();
  await context.checkpoint();
}

/** Asks the same for all who wait, until the drain is over. */
export async function stopWhenAsked(run: DrainRun): Promise<void> {
  try {
    for (;;) {
      await sleep(run, TICK_MS);
      await checkpoint(run);
    }
  } catch (error) {
    run.stop(error);
  }
}

/** A failure ends the drain before anything else of it goes on. */
export async function stopOnError<T>(run: DrainRun, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    run.stop(error);
    throw error;
  }
}

/**
 * Decides by what is in memory: anew at each change, and each second for what the time decides.
 * @param decide undefined while there is nothing to decide yet
 */
export async function waitUntil<T>(
  { wake }: DrainRun,
  decide: () => Promise<T | undefined>,
): Promise<T> {
  for (;;) {
    const heard = wake.rings;
    const decision = await decide();
    if (decision !== undefined) return decision;
    await wake.wait(TICK_MS, heard);
  }
}

export function sleep({ context, signal }: DrainRun, ms: number): Promise<void> {
  return context.clock.sleep(ms, signal);
}

/** The very pod of an effect, asked for by a call: one of the same name and another UID is not it. */
export async function findPod(
  { cluster }: Pick<ExecuteContext, 'cluster'>,
  { object }: Effect,
): Promise<Pod | undefined> {
  const pod = await cluster.find(Pod, { namespace: object.namespace, name: object.name });
  return pod?.metadata.uid === object.uid ? pod : undefined;
}

export function podText({ object }: Pick<Effect, 'object'>): string {
  return `${object.namespace}/${object.name}`;
}
