import type { Effect } from '../action.ts';
import { ownerText } from '../owners.ts';
import { awaitGone } from './await-gone.ts';
import { awaitTurn, checkDeadline, tellWaiting } from './await-turn.ts';
import { checkCordon } from './check-cordon.ts';
import { checkpoint, type DrainRun, podText, sleep, stopOnError } from './drain-run.ts';
import { ownerOfEffect } from './evict-effect.ts';
import { type Attempt, evictPod } from './evict-pod.ts';
import { awaitRecovery } from './recovery.ts';

const FIRST_BACKOFF_MS = 2_000;
const LONGEST_BACKOFF_MS = 30_000;

/** How a pod's part of the drain ended; `stuck` is evicted, but held by a dead kubelet. */
export type Departure = 'evicted' | 'gone before' | 'stuck';

/** One pod, from waiting for its budget to the recovery of its workload. Safe to run again at any point. */
export async function leaveNode(run: DrainRun, effect: Effect): Promise<Departure> {
  const since = run.context.clock.now();
  for (let attempts = 0; ; attempts += 1) {
    await awaitTurn(run, effect, since);
    // A failure ends the drain before the slot is free: else the next pod would be on its way before anybody knows.
    const attempt = await run.slots(() => stopOnError(run, () => evictAndFollow(run, effect)));
    if (typeof attempt === 'string') {
      await run.progress.left(podText(effect));
      return attempt;
    }
    await tellWaiting(run, effect, attempt.why);
    checkDeadline(run, effect, { since, reason: attempt.why });
    await sleep(run, attempt.afterMs ?? backoffMs(attempts));
  }
}

/** Spread over half of it, so that pods do not come back all at once. */
function backoffMs(attempts: number): number {
  const full = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempts);
  return full * (0.5 + Math.random() / 2);
}

type NotNow = Extract<Attempt, { status: 'again' }>;

/** Holds a slot from the eviction until the workload is whole again: that is what one at a time means. */
async function evictAndFollow(run: DrainRun, effect: Effect): Promise<Departure | NotNow> {
  await checkCordon(run);
  await run.progress.waiting(podText(effect), 'is being evicted');
  await checkpoint(run);
  const attempt = await evictPod(run, effect);
  if (attempt.status === 'again') return attempt;
  if (attempt.status === 'gone') return 'gone before';
  const end = await awaitGone(run, effect);
  if (end === 'stuck') await tellStuck(run, effect);
  if (end === 'gone' || isReplacedMeanwhile(effect)) await awaitRecovery(run, effect, attempt.goal);
  if (end === 'stuck') return 'stuck';
  await tellLeft(run, effect);
  return 'evicted';
}

/** Whether a new pod comes while the old one is still Terminating: of a Deployment yes, of a StatefulSet, by its name, no. */
function isReplacedMeanwhile(effect: Effect): boolean {
  const { kind } = ownerOfEffect(effect) ?? {};
  return kind === 'Deployment' || kind === 'ReplicaSet';
}

async function tellStuck({ context, input }: DrainRun, effect: Effect): Promise<void> {
  await context.tell({
    key: `stuck-${effect.object.uid}`,
    level: 'warning',
    text: `${podText(effect)} is evicted but stays Terminating: the kubelet of ${input.node} does not answer. It goes when the machine does.`,
  });
}

async function tellLeft({ context }: DrainRun, effect: Effect): Promise<void> {
  const owner = ownerOfEffect(effect);
  const after = owner ? ` (${ownerText(owner)})` : '';
  await context.tell({
    key: `left-${effect.object.uid}`,
    text: `evicted ${podText(effect)}${after}`,
  });
}
