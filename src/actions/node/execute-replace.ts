import { RunbookError } from '../../errors.ts';
import type { ReplacementBaseline, ReplacementState } from '../../provider/provider.ts';
import type { Effect, ExecuteContext, StepOutcome } from '../action.ts';
import { podName } from '../pod-state.ts';
import { listed } from '../words.ts';
import { askForReplacement, providerOf } from './ask-for-replacement.ts';
import { remainingPods } from './remaining-pods.ts';

const LOOK_AGAIN_MS = 5_000;

class ReplacementFailedError extends RunbookError {
  constructor(node: string, detail: string) {
    super(
      'replacement_failed',
      `the machine of ${node} was not replaced: ${detail}; look at the provider, its group may be one machine short`,
      { data: { node, detail } },
    );
  }
}

/** Something runs on the node that nobody agreed to end. */
class PodsLeftError extends RunbookError {
  constructor(node: string, pods: readonly string[]) {
    super(
      'pods_left',
      `the machine of ${node} is not replaced: ${listed(pods)} came after the plan and would end with it; run again, the new plan will hold them`,
      { data: { node, pods } },
    );
  }
}

/**
 * @throws PodsLeftError (`pods_left`), ReplacementFailedError (`replacement_failed`)
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

/** @throws ReplacementFailedError (`replacement_failed`) */
async function awaitNewNode(
  context: ExecuteContext,
  { effect, baseline }: { effect: Effect; baseline: ReplacementBaseline },
): Promise<Extract<ReplacementState, { status: 'ready' | 'not_needed' }>> {
  const provider = context.providers.named(providerOf(effect));
  for (;;) {
    await context.checkpoint();
    const state = await provider.poll(context.cluster, baseline);
    if (state.status === 'ready' || state.status === 'not_needed') return state;
    if (state.status === 'failed')
      throw new ReplacementFailedError(baseline.nodeName, state.detail);
    await context.progress({ done: 0, total: 1, unit: 'node', waiting: state.detail });
    await context.tell({ key: `replace-${state.status}`, text: state.detail });
    await context.clock.sleep(LOOK_AGAIN_MS, context.signal);
  }
}
