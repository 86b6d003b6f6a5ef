import { errorCode } from '../../errors.ts';
import type {
  ReplacementBaseline,
  ReplacementState,
  UnfinishedReplacement,
} from '../../provider/provider.ts';
import type { Effect, ExecuteContext, StepOutcome } from '../action.ts';
import { podName } from '../pod-state.ts';
import { askForReplacement, providerOf } from './ask-for-replacement.ts';
import { remainingPods } from './remaining-pods.ts';
import {
  PodsLeftError,
  ReplacementFailedError,
  ReplacementTimeoutError,
} from './replacement-errors.ts';
import { whatIsLeft } from './replacement-left.ts';

const LOOK_AGAIN_MS = 5_000;

/**
 * @throws PodsLeftError (`pods_left`), ReplacementFailedError (`replacement_failed`), ReplacementTimeoutError
 *   (`step_timeout`)
 */
export async function executeReplace(context: ExecuteContext, name: string): Promise<StepOutcome> {
  const effect = context.approved.find(({ verb }) => verb === 'replace');
  if (effect === undefined) return { summary: `${name} was not to be replaced`, changed: false };
  await context.checkpoint();
  const baseline = await askForReplacement(context, effect, () => checkEmpty(context, name));
  const provider = providerOf(effect);
  const text = `asked ${provider} to replace the machine of ${name}`;
  await context.tell({ key: 'replacing', text });
  const end = await awaitNewNode(context, { effect, baseline });
  const newNode = end.status === 'ready' ? end.newNode : null;
  return {
    summary:
      newNode === null
        ? `${name} is gone, and none came in its place: ${end.detail}`
        : `${name} is replaced by ${newNode}, which is Ready`,
    changed: true,
    outputs: { newNode, provider },
  };
}

/** Ending a machine ends what still runs on it, and asks no budget. @throws PodsLeftError (`pods_left`) */
async function checkEmpty(context: ExecuteContext, name: string): Promise<void> {
  const { protectedPods, unapproved } = await remainingPods(context, name, context.earlier);
  const staying = [...protectedPods, ...unapproved];
  if (staying.length > 0) throw new PodsLeftError(name, staying.map(podName));
}

/** @throws ReplacementFailedError (`replacement_failed`), ReplacementTimeoutError (`step_timeout`) */
async function awaitNewNode(
  context: ExecuteContext,
  { effect, baseline }: { effect: Effect; baseline: ReplacementBaseline },
): Promise<Extract<ReplacementState, { status: 'ready' | 'not_needed' }>> {
  const provider = context.providers.named(providerOf(effect));
  let state: UnfinishedReplacement = { status: 'requested', detail: 'nobody has looked yet' };
  for (;;) {
    await checkTime(context, baseline, state);
    const now = await provider.poll(context.cluster, baseline);
    if (now.status === 'ready' || now.status === 'not_needed') return now;
    if (now.status === 'failed') {
      throw new ReplacementFailedError(await whatIsLeft(context, baseline, now));
    }
    state = now;
    await context.progress({ done: 0, total: 1, unit: 'node', waiting: state.detail });
    await context.tell({ key: `replace-${state.status}`, text: state.detail });
    await context.clock.sleep(LOOK_AGAIN_MS, context.signal);
  }
}

/** @throws ReplacementTimeoutError (`step_timeout`), which says how far it came */
async function checkTime(
  context: ExecuteContext,
  baseline: ReplacementBaseline,
  state: UnfinishedReplacement,
): Promise<void> {
  try {
    await context.checkpoint();
  } catch (error) {
    if (errorCode(error) !== 'step_timeout') throw error;
    const left = await whatIsLeft(context, baseline, state);
    throw new ReplacementTimeoutError(left, { timeoutMs: context.timeoutMs, cause: error });
  }
}
