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

/** Tells one approver where they are needed; says so when they no longer are. */
export function approverMessage(
  run: ShownRun,
  approval: ShownApproval,
  user: string,
): WantedMessage {
  const card = approvalKey(run.id, approval.gate);
  const lines = approval.status === 'pending' ? request(run, approval) : decided(run, approval);
  return {
    key: `${approverKeyPrefix(run.id, approval.gate)}${user}`,
    channel: user,
    linksTo: card,
    phase: approval.status,
    text: fallbackText([...lines, linkTo(card)]),
    blocks: [section([...lines, `<${linkTo(card)}|Open the card>`].join('\n'))],
  };
}

function request(run: ShownRun, approval: ShownApproval): string[] {
  const effects = gateEffects(run, approval);
  const again = approval.difference ? ' again: the plan has changed' : '';
  return [
    `✋ ${bold(`${runName(run)} in ${run.cluster}`)} needs your approval${again}.`,
    effects ? `It will: ${line(effects, 600)}.` : '',
    `Asked for by ${personName(run.requester)}. Stands until ${moment(approval.expiresAt)}; without a decision nothing is done.`,
  ].filter((part) => part !== '');
}

function decided(run: ShownRun, approval: ShownApproval): string[] {
  return [
    `${bold(`${runName(run)} in ${run.cluster}`)} no longer needs you.`,
    approvalOutcome(approval),
  ];
}
