import type { ShownApproval, ShownRun } from '../../runs/shown-run.ts';
import { counted, line, moment, personName } from './mrkdwn.ts';
import { effectsInWords, planEffects } from './plan-facts.ts';

/** Who may decide, as mentions. mrkdwn. */
export function approversInWords({ policy }: ShownApproval): string {
  const named = [
    ...policy.groups.map((group) => `<!subteam^${line(group, 40)}>`),
    ...policy.users.map((user) => `<@${line(user, 40)}>`),
  ];
  const quorum = policy.quorum > 1 ? `, ${policy.quorum} of them` : '';
  return named.length > 0 ? `${named.join(' or ')}${quorum}` : 'nobody: no approver is configured';
}

/** How a gate stands or ended: who, when, why. mrkdwn. */
export function approvalOutcome(approval: ShownApproval): string {
  const by = approval.decidedBy ? ` by ${personName(approval.decidedBy)}` : '';
  const at = approval.decidedAt === undefined ? '' : ` (${moment(approval.decidedAt)})`;
  const why = approval.reason ? `: ${line(approval.reason, 600)}` : '';
  switch (approval.status) {
    case 'pending':
      return `✋ Waiting for approval until ${moment(approval.expiresAt)}`;
    case 'approved':
      return `✅ Approved by ${voters(approval) || 'an approver'}${at}${why}`;
    case 'rejected':
      return `🚫 Rejected${by}${at}${why}`;
    case 'expired':
      return `⌛ Expired${at || ` (${moment(approval.expiresAt)})`}: nobody decided in time, so nothing is done`;
    case 'withdrawn':
      return `🛑 Withdrawn${by}${at}${why}`;
  }
}

function voters({ votes, decidedBy }: ShownApproval): string {
  const people = votes.length > 0 ? votes.map((vote) => vote.by) : decidedBy ? [decidedBy] : [];
  return people.map(personName).join(', ');
}

/** `1 of 2 approvals so far: …`, or nothing where one is enough. mrkdwn. */
export function votesSoFar(approval: ShownApproval): string {
  const { policy, votes } = approval;
  if (policy.quorum <= 1) return '';
  const who = votes.length > 0 ? `: ${votes.map((vote) => personName(vote.by)).join(', ')}` : '';
  return `${votes.length} of ${counted(policy.quorum, 'approval')} so far${who}`;
}

/** What the approver lets happen, in one line. Plain text; empty where the plan is another one by now. */
export function gateEffects(run: ShownRun, approval: ShownApproval): string {
  if (!run.plan || run.plan.digest !== approval.digest) return '';
  return effectsInWords(planEffects(run.plan));
}
