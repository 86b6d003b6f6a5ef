import type { Transaction } from '../database/database.ts';
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
  const { added, removed } = difference;
  const gone = removed.length > 0 ? `, ${removed.length} no longer needed` : '';
  await tell(tx, runId, {
    key: `gate-${gate}-changed`,
    level: 'warning',
    text: `The plan changed since it was approved: ${added.length} more to do${gone}. It needs approval again.`,
  });
}

/** Less to do than was approved is covered by the approval; it is said all the same. */
export async function goOnNarrower(
  { tx, run }: PlanningScene,
  { removed }: PlanDifference,
): Promise<Next> {
  if (removed.length > 0) {
    const names = removed.map(({ verb, object }) => `${verb} ${object.name}`).join(', ');
    await tell(tx, run.id, {
      key: `narrower-${names}`,
      text: `Less to do than approved, so the approval stands. No longer needed: ${names}`,
    });
  }
  await setStatus(tx, run.id, 'running');
  return { next: 'go' };
}
