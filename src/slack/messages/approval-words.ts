import { say } from '../../language/text.ts';
import type { Translate } from '../../language/translate.ts';
import type { ShownApproval, ShownRun } from '../../runs/shown-run.ts';
import { line, moment, personName } from './mrkdwn.ts';
import { effectsInWords, planEffects } from './plan-facts.ts';

/** Who may decide, as mentions, and whether one may decide on what they asked for. mrkdwn. */
export function mayApprove(t: Translate, { policy }: ShownApproval): string {
  const named = [
    ...policy.groups.map((group) => `<!subteam^${line(group, 40)}>`),
    ...policy.users.map((user) => `<@${line(user, 40)}>`),
  ];
  if (named.length === 0) return t(say('Nobody may approve: no approver is configured.'));
  const who = { people: named, count: policy.quorum };
  return t(
    policy.selfApproval
      ? say(
          '{count, plural, =1 {May be approved by {people}.} other {May be approved by # of {people}.}}',
          who,
        )
      : say(
          '{count, plural, =1 {May be approved by {people}, not by who asked.} other {May be approved by # of {people}, not by who asked.}}',
          who,
        ),
  );
}

/** How a gate stands or ended: who, when, why. mrkdwn. */
export function approvalOutcome(t: Translate, approval: ShownApproval): string {
  const { status, decidedBy, decidedAt, expiresAt, reason } = approval;
  const why = reason ? `: ${line(reason, 600)}` : '';
  const at = moment(decidedAt ?? expiresAt);
  const by = decidedBy ? personName(t, decidedBy) : t(say('an approver'));
  switch (status) {
    case 'pending':
      return t(say('✋ Waiting for approval until {at}', { at }));
    case 'approved':
      return `${t(say('✅ Approved by {people} ({at})', { people: voters(t, approval) || by, at }))}${why}`;
    case 'rejected':
      return `${t(say('🚫 Rejected by {by} ({at})', { by, at }))}${why}`;
    case 'expired':
      return t(say('⌛ Expired ({at}): nobody decided in time, so nothing is done', { at }));
    case 'withdrawn':
      return `${t(decidedBy ? say('🛑 Withdrawn by {by} ({at})', { by, at }) : say('🛑 Withdrawn ({at})', { at }))}${why}`;
  }
}

function voters(t: Translate, { votes }: ShownApproval): string {
  return votes.map(({ by }) => personName(t, by)).join(', ');
}

/** `1 of 2 approvals so far: …`, or nothing where one is enough. mrkdwn. */
export function votesSoFar(t: Translate, approval: ShownApproval): string {
  const { policy, votes } = approval;
  if (policy.quorum <= 1) return '';
  const who = votes.length > 0 ? `: ${voters(t, approval)}` : '';
  return `${t(say('{have} of {need} approvals so far', { have: votes.length, need: policy.quorum }))}${who}`;
}

/** What the approver lets happen, in one line. Plain text; empty where the plan is another one by now. */
export function gateEffects(t: Translate, run: ShownRun, approval: ShownApproval): string {
  if (!run.plan || run.plan.digest !== approval.digest) return '';
  return effectsInWords(t, planEffects(run.plan));
}
