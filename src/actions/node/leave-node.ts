import { Node } from '../../kubernetes/resources/node.ts';
import type { Effect } from '../action.ts';
import { awaitGone } from './await-gone.ts';
import { awaitTurn, checkDeadline, tellWaiting } from './await-turn.ts';
import { NodeNotCordonedError, WorkloadNotRecoveredError } from './drain-errors.ts';
import { checkpoint, type DrainRun, podText, sleep } from './drain-run.ts';
import { ownerOfEffect } from './evict-effect.ts';
import { type Attempt, evictPod } from './evict-pod.ts';
import { type RecoveryGoal, whatIsMissing } from './recovery.ts';

const FIRST_BACKOFF_MS = 2_000;
const LONGEST_BACKOFF_MS = 30_000;
const LOOK_AGAIN_MS = 1_000;

/** How a pod's part of the drain ended; `stuck` is evicted, but held by a dead kubelet. */
export type Departure = 'evicted' | 'gone before' | 'stuck';

/** One pod, from waiting for its budget to the recovery of its workload. Safe to run again at any point. */
export async function leaveNode(run: DrainRun, effect: Effect): Promise<Departure> {
  const since = run.context.clock.now();
  for (let attempts = 0; ; attempts += 1) {
    await awaitTurn(run, effect, since);
    const attempt = await run.slots(() => inSlot(run, effect));
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

/** A failure ends the drain before the slot is free: else the next pod would be on its way before anybody knows. */
async function inSlot(run: DrainRun, effect: Effect): Promise<Departure | NotNow> {
  try {
    return await evictAndFollow(run, effect);
  } catch (error) {
    run.stop(error);
    throw error;
  }
}

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

/** @throws NodeNotCordonedError (`node_not_cordoned`) */
export async function checkCordon({ context, input }: DrainRun): Promise<void> {
  const node = await context.cluster.find(Node, { name: input.node });
  if (node !== undefined && !node.spec.unschedulable) throw new NodeNotCordonedError(input.node);
}

/** @throws WorkloadNotRecoveredError (`workload_not_recovered`) */
async function awaitRecovery(run: DrainRun, effect: Effect, goal: RecoveryGoal): Promise<void> {
  const since = run.context.clock.now();
  for (;;) {
    await checkpoint(run);
    const missing = await whatIsMissing(run.context.cluster, effect, goal);
    if (missing === undefined) return;
    const waited = run.context.clock.now() - since;
    if (waited > run.input.podTimeout) {
      const workload = goal.owner
        ? `${goal.owner.kind} ${goal.owner.namespace}/${goal.owner.name}`
        : `what ${podText(effect)} belonged to`;
      throw new WorkloadNotRecoveredError(workload, { waited, reason: missing });
    }
    await run.progress.waiting(podText(effect), `has left; ${missing}`);
    await run.wake.wait(LOOK_AGAIN_MS);
  }
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
  const after = owner ? ` (${owner.kind} ${owner.namespace}/${owner.name})` : '';
  await context.tell({
    key: `left-${effect.object.uid}`,
    text: `evicted ${podText(effect)}${after}`,
  });
}
