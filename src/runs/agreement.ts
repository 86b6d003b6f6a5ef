import sql from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { policyFor } from './approval-policy.ts';
import type { ApprovalPolicy, Plan, Run } from './run.ts';
import type { RunEnvironment } from './run-environment.ts';
import { lockRun } from './run-store.ts';

/** Who must approve the plan; undefined where nobody must. @throws NoApprovalRuleError (`approval_rule_missing`) */
export function policyOf(
  { catalogue, approvalRules }: Pick<RunEnvironment, 'catalogue' | 'approvalRules'>,
  run: Run,
  plan: Plan,
): ApprovalPolicy | undefined {
  const planned = new Set(plan.steps.flatMap(({ id, skip }) => (skip === undefined ? id : [])));
  const { steps } = catalogue.get(run.runbook);
  const always = steps.some((step) => step.approval === 'always' && planned.has(step.id));
  return policyFor(approvalRules, run, { plan, always });
}

/**
 * The plan in force, if it is the very one that was approved last. The digest on the gate's row says so: a plan may have
 * been saved since, which is asked for only now, or which is blocked.
 */
export function approvedPlan({ plan, approvals }: Run): Plan | undefined {
  const last = approvals.at(-1);
  if (plan === undefined || plan.blockers.length > 0) return undefined;
  return last?.status === 'approved' && last.digest === plan.digest ? plan : undefined;
}

/** The plan in force, if it may be carried out: approved, or such that nobody must approve it. */
export function agreedPlan(
  environment: Pick<RunEnvironment, 'catalogue' | 'approvalRules'>,
  run: Run,
): Plan | undefined {
  const approved = approvedPlan(run);
  if (approved !== undefined || run.plan === undefined) return approved;
  if (run.plan.blockers.length > 0) return undefined;
  return policyOf(environment, run, run.plan) === undefined ? run.plan : undefined;
}

/**
 * Whether the gate was opened already, by an execution whose result was lost. The plan that it was opened for then stands
 * until it is decided on, as people have seen it. So does that of a run that a peer has brought to its end.
 */
export async function wasAsked(
  tx: Transaction,
  { run, gate }: { readonly run: Run; readonly gate: number },
): Promise<boolean> {
  const { hasEnded } = await lockRun(tx, run.id);
  if (hasEnded) return true;
  const opened = await tx.query(
    sql`select 1 from approval where run_id = ${run.id} and gate = ${gate}`,
  );
  return opened.length > 0;
}
