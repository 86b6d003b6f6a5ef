import type { Risk } from '../actions/action.ts';
import { say, type Text } from '../language/text.ts';
import type { Approval, ApprovalPolicy, Plan, Run } from './run.ts';
import { NoApprovalRuleError } from './run-errors.ts';
import type { Decider, Decision } from './runs.ts';

/** One rule of `approvals` in the settings; `*` matches everything. */
export interface ApprovalRule extends ApprovalPolicy {
  readonly runbook: string;
  readonly cluster: string;
  readonly risk: Exclude<Risk, 'read'>;
}

/**
 * The policy for a plan, or undefined where it needs no approval: reads never do, reversible changes only where a rule
 * or a step says so, destructive ones always.
 * @throws NoApprovalRuleError (`approval_rule_missing`) when approval is needed and nobody could give it
 */
export function policyFor(
  rules: readonly ApprovalRule[],
  run: Pick<Run, 'runbook' | 'cluster'>,
  { plan, always }: { plan: Pick<Plan, 'risk'>; always: boolean },
): ApprovalPolicy | undefined {
  if (plan.risk === 'read' && !always) return undefined;
  const matching = rules.filter(
    (rule) => matches(rule.runbook, run.runbook) && matches(rule.cluster, run.cluster),
  );
  const rule =
    matching.find(({ risk }) => risk === plan.risk) ?? (always ? matching[0] : undefined);
  if (rule) {
    const { groups, users, quorum, selfApproval, expiresAfterMs } = rule;
    return { groups, users, quorum, selfApproval, expiresAfterMs };
  }
  if (plan.risk === 'destructive' || always)
    throw new NoApprovalRuleError(run.runbook, run.cluster);
  return undefined;
}

function matches(pattern: string, value: string): boolean {
  return pattern === '*' || pattern === value;
}

/**
 * Why this person may not decide, in words for them; undefined when they may. Judged at the click, against what the
 * edge knows of the person at that moment.
 */
export function refusal(run: Run, approval: Approval, { by, verdict }: Decision): Text | undefined {
  if (by.ineligible !== undefined) {
    return say('You cannot decide on this run: {why}.', { why: by.ineligible });
  }
  if (by.id === run.requester.id && !approval.policy.selfApproval) {
    return verdict === 'approve'
      ? say('You asked for this run, so somebody else must approve it.')
      : say('You asked for this run: to take it back, press Stop instead of Reject.');
  }
  if (mayDecide(approval.policy, by)) return undefined;
  const { runbook, cluster } = run;
  return say(
    'You are not among the approvers of {runbook} in {cluster}. Ask one of those named on the card.',
    { runbook, cluster },
  );
}

function mayDecide(policy: ApprovalPolicy, by: Decider): boolean {
  return policy.users.includes(by.id) || by.groups.some((group) => policy.groups.includes(group));
}
