import { say } from '../../language/text.ts';
import type { Translate } from '../../language/translate.ts';
import type { ShownApproval, ShownRun } from '../../runs/shown-run.ts';
import { approvalKey } from './approval-card.ts';
import { approvalOutcome, gateEffects } from './approval-words.ts';
import { fallbackText, section } from './blocks.ts';
import { bold, line, moment, personName } from './mrkdwn.ts';
import { runName } from './run-words.ts';
import { linkTo, type WantedMessage } from './wanted-message.ts';

export function approverKeyPrefix(runId: string, gate: number): string {
  return `run/${runId}/dm/${gate}/`;
}

/** Tells one approver where they are needed, in their language; says so when they no longer are. */
export function approverMessage(
  t: Translate,
  run: ShownRun,
  { approval, user }: { readonly approval: ShownApproval; readonly user: string },
): WantedMessage {
  const card = approvalKey(run.id, approval.gate);
  const lines =
    approval.status === 'pending' ? request(t, run, approval) : decided(t, run, approval);
  return {
    key: `${approverKeyPrefix(run.id, approval.gate)}${user}`,
    channel: user,
    linksTo: card,
    phase: approval.status,
    text: fallbackText([...lines, linkTo(card)]),
    blocks: [section([...lines, `<${linkTo(card)}|${t(say('Open the card'))}>`].join('\n'))],
  };
}

function request(t: Translate, run: ShownRun, approval: ShownApproval): string[] {
  const effects = gateEffects(t, run, approval);
  const what = { run: bold(runName(run)), cluster: line(run.cluster) };
  const terms = { requester: personName(t, run.requester), until: moment(approval.expiresAt) };
  return [
    t(
      approval.difference
        ? say('✋ {run} in {cluster} needs your approval again: the plan has changed.', what)
        : say('✋ {run} in {cluster} needs your approval.', what),
    ),
    effects ? t(say('It will: {effects}.', { effects: line(effects, 600) })) : '',
    t(
      say(
        'Asked for by {requester}. Stands until {until}; without a decision nothing is done.',
        terms,
      ),
    ),
  ].filter((part) => part !== '');
}

function decided(t: Translate, run: ShownRun, approval: ShownApproval): string[] {
  const what = { run: bold(runName(run)), cluster: line(run.cluster) };
  return [t(say('{run} in {cluster} no longer needs you.', what)), approvalOutcome(t, approval)];
}
