import type { ActionsBlock, KnownBlock } from '@slack/types';
import type {
  ShownApproval,
  ShownPlan,
  ShownPlanDifference,
  ShownRun,
} from '../../runs/shown-run.ts';
import { approvalOutcome, approversInWords, gateEffects, votesSoFar } from './approval-words.ts';
import {
  actions,
  button,
  confirmation,
  context,
  fallbackText,
  fitMessage,
  header,
  listSections,
  section,
} from './blocks.ts';
import { bold, code, line, moment, personName } from './mrkdwn.ts';
import {
  effectLines,
  findingHeading,
  findingLine,
  needsAttention,
  objectName,
  planEffects,
  planFindings,
  tileLine,
  undoInWords,
  worstFirst,
} from './plan-facts.ts';
import { rootKey } from './root-message.ts';
import { detailsButton } from './run-buttons.ts';
import { runName, runValue, targetName } from './run-words.ts';
import type { WantedMessage } from './wanted-message.ts';

/** Lines of one finding on the card: it is read standing up. */
const DOUBTS_SHOWN = 3;

export function approvalKey(runId: string, gate: number): string {
  return `run/${runId}/approval/${gate}`;
}

/** Asks for a decision while the gate is open; afterwards says who decided what, when and why, without buttons. */
export function approvalCard(
  run: ShownRun,
  approval: ShownApproval,
  channel: string,
): WantedMessage {
  return {
    key: approvalKey(run.id, approval.gate),
    channel,
    threadKey: rootKey(run.id),
    broadcast: true,
    first: true,
    phase: approval.status,
    text: cardText(run, approval),
    blocks: approval.status === 'pending' ? pendingCard(run, approval) : decidedCard(run, approval),
  };
}

function cardTitle(run: ShownRun, approval: ShownApproval): string {
  const asked = approval.difference ? 'Approve again' : 'Approve';
  return `${approval.status === 'pending' ? asked : 'Approval'}: ${runName(run)} in ${run.cluster}`;
}

function cardText(run: ShownRun, approval: ShownApproval): string {
  const effects = gateEffects(run, approval);
  const where = line(cardTitle(run, approval));
  if (approval.status !== 'pending') return fallbackText([where, approvalOutcome(approval)]);
  return fallbackText([
    `${where}, asked for by ${personName(run.requester)}.`,
    approval.difference
      ? `The plan has changed since it was approved. ${differenceText(approval.difference)}`
      : effects && `It will: ${line(effects, 600)}.`,
    run.plan ? line(undoInWords(planEffects(run.plan)), 600) : '',
    `Stands until ${moment(approval.expiresAt)}; without a decision nothing is done.`,
  ]);
}

function pendingCard(run: ShownRun, approval: ShownApproval): KnownBlock[] {
  const body = approval.difference
    ? differenceBlocks(approval.difference)
    : planBlocks(run.plan, approval);
  return fitMessage(
    [header(cardTitle(run, approval)), section(requestLines(run, approval)), ...body],
    [context(deadlineLine(approval)), decisionButtons(run, approval)],
    () => section('…and more: press *Details* before you decide.'),
  );
}

function requestLines(run: ShownRun, approval: ShownApproval): string {
  return [
    `Asked for by ${personName(run.requester)}.`,
    `May be approved by ${approversInWords(approval)}${approval.policy.selfApproval ? '' : ', not by who asked'}.`,
  ].join('\n');
}

function planBlocks(plan: ShownPlan | undefined, approval: ShownApproval): KnownBlock[] {
  if (!plan || plan.digest !== approval.digest) return [];
  const effects = planEffects(plan);
  const tiles = plan.tiles.filter((tile) => tile.readyWhile < tile.readyNow);
  return [
    ...(effects.length > 0
      ? listSections('*It will*', effectLines(effects))
      : [section('*It will* change nothing.')]),
    ...(plan.warnings.length > 0
      ? listSections(
          '*Warnings*',
          plan.warnings.map((each) => `⚠️ ${line(each.text, 400)}`),
        )
      : []),
    ...(tiles.length > 0
      ? listSections('*Services touched* · ready now → while it runs → after', tiles.map(tileLine))
      : [section('*Services touched*: none that is watched.')]),
    ...doubts(plan),
  ];
}

/** What was found that speaks for the plan or against it; the calm rest is under Details. */
function doubts(plan: ShownPlan): KnownBlock[] {
  return planFindings(plan).flatMap((finding) => {
    const lines = worstFirst(finding.lines).filter(needsAttention);
    if (lines.length === 0) return [];
    const left = lines.length - DOUBTS_SHOWN;
    const more = left > 0 ? [`…and ${left} more under *Details*`] : [];
    return listSections(findingHeading(finding), [
      ...lines.slice(0, DOUBTS_SHOWN).map(findingLine),
      ...more,
    ]);
  });
}

function deadlineLine(approval: ShownApproval): string {
  const votes = votesSoFar(approval);
  const deadline = `Stands until ${moment(approval.expiresAt)}. Without a decision nothing is done.`;
  return votes ? `${votes} · ${deadline}` : deadline;
}

function decidedCard(run: ShownRun, approval: ShownApproval): KnownBlock[] {
  const effects = gateEffects(run, approval);
  return [
    section(`${bold(cardTitle(run, approval))}\n${approvalOutcome(approval)}`),
    context(
      [
        effects && line(effects, 800),
        `asked for by ${personName(run.requester)}`,
        `run ${code(run.id)}`,
      ]
        .filter((part) => part !== '')
        .join(' · '),
    ),
  ];
}

function decisionButtons(run: ShownRun, approval: ShownApproval): ActionsBlock {
  const value = runValue(run, approval.gate);
  const approve = button({
    actionId: 'approval_approve',
    value,
    label: 'Approve',
    spoken: `Approve ${runName(run)} in ${run.cluster}`,
    style: 'primary',
    confirm: confirmation({
      title: `Approve ${runName(run)}?`,
      text: `On ${targetName(run)} in ${run.cluster}: ${gateEffects(run, approval) || 'the plan as shown'}. It begins at once.`,
      yes: 'Approve',
      style: 'primary',
    }),
  });
  const reject = button({
    actionId: 'approval_reject',
    value,
    label: 'Reject…',
    spoken: `Reject ${runName(run)} in ${run.cluster}, with a reason`,
    style: 'danger',
  });
  return actions(approve, reject, detailsButton(run, approval.gate));
}

function differenceBlocks(difference: ShownPlanDifference): KnownBlock[] {
  return [
    section('The cluster has changed since the plan was approved. *Only the difference is shown.*'),
    ...changes('*New in the plan*', '➕ added', difference.added),
    ...changes('*No longer in the plan*', '➖ gone', difference.removed),
  ];
}

function changes(
  heading: string,
  sign: string,
  effects: ShownPlanDifference['added'],
): KnownBlock[] {
  if (effects.length === 0) return [];
  return listSections(
    heading,
    effects.map(
      (effect) =>
        `${sign}: ${line(effect.verb)} ${line(effect.object.kind)} ${code(objectName(effect))}`,
    ),
  );
}

function differenceText({ added, removed }: ShownPlanDifference): string {
  const names = (effects: ShownPlanDifference['added']) =>
    line(effects.map((effect) => `${effect.verb} ${objectName(effect)}`).join(', '), 500);
  return [
    added.length > 0 ? `New: ${names(added)}.` : '',
    removed.length > 0 ? `Gone: ${names(removed)}.` : '',
  ].join(' ');
}
