import { effectWords } from '../actions/effect-words.ts';
import type { Transaction } from '../database/database.ts';
import { say } from '../language/text.ts';
import { inEnglish } from '../language/translate.ts';
import { policyOf } from './agreement.ts';
import { openGate } from './approvals.ts';
import type { Next } from './phases.ts';
import type { Plan, PlanDifference, Run } from './run.ts';
import type { RunEnvironment } from './run-environment.ts';
import { setStatus } from './run-store.ts';
import { tell } from './timeline.ts';

export interface PlanningScene {
  readonly environment: RunEnvironment;
  readonly tx: Transaction;
  readonly run: Run;
  readonly gate: number;
}

/** Opens the gate where the policy wants one; goes on where it wants none. */
export async function askPeople(
  { environment, tx, run, gate }: PlanningScene,
  { plan, difference }: { plan: Plan; difference: PlanDifference | undefined },
): Promise<Next> {
  const policy = policyOf(environment, run, plan);
  if (policy === undefined) {
    await setStatus(tx, run.id, 'running');
    return { next: 'go' };
  }
  const changed = difference && { difference };
  await openGate(tx, run.id, { gate, digest: plan.digest, policy, ...changed });
  await setStatus(tx, run.id, 'awaiting_approval');
  if (difference) await tellChanged(tx, run.id, { gate, difference });
  return { next: 'ask' };
}

async function tellChanged(
  tx: Transaction,
  runId: string,
  { gate, difference }: { gate: number; difference: PlanDifference },
): Promise<void> {
  const added = difference.added.length;
  const removed = difference.removed.length;
  await tell(tx, runId, {
    key: `gate-${gate}-changed`,
    level: 'warning',
    text:
      removed === 0
        ? say(
            'The plan changed since it was approved: {added} more to do. It needs approval again.',
            { added },
          )
        : say(
            'The plan changed since it was approved: {added} more to do, {removed} no longer needed. It needs approval again.',
            { added, removed },
          ),
  });
}

/** Less to do than was approved is covered by the approval; it is said all the same. */
export async function goOnNarrower(
  { tx, run }: PlanningScene,
  { removed }: PlanDifference,
): Promise<Next> {
  if (removed.length > 0) {
    const names = removed.map(effectWords);
    await tell(tx, run.id, {
      key: `narrower-${names.map(inEnglish).join(', ')}`,
      text: say('Less to do than approved, so the approval stands. No longer needed: {names}', {
        names,
      }),
    });
  }
  await setStatus(tx, run.id, 'running');
  return { next: 'go' };
}
