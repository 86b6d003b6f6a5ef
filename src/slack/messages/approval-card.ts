import type { ActionsBlock, KnownBlock } from '@slack/types';
import { effectWords, verbWords } from '../../actions/effect-words.ts';
import { say, type Text } from '../../language/text.ts';
import type { Translate } from '../../language/translate.ts';
import type {
  ShownApproval,
  ShownEffect,
  ShownPlan,
  ShownPlanDifference,
  ShownRun,
} from '../../runs/shown-run.ts';
import { approvalOutcome, gateEffects, mayApprove, votesSoFar } from './approval-words.ts';
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
  needsAttention,
  objectName,
  planEffects,
  planFindings,
  tileLine,
  tilesHeading,
  undoInWords,
} from './plan-facts.ts';
import { attentionBlocks } from './plan-message.ts';
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
  t: Translate,
  run: ShownRun,
  { approval, channel }: { readonly approval: ShownApproval; readonly channel: string },
): WantedMessage {
  const isOpen = approval.status === 'pending';
  return {
    key: approvalKey(run.id, approval.gate),
    channel,
    threadKey: rootKey(run.id),
    broadcast: true,
    first: true,
    phase: approval.status,
    text: cardText(t, run, approval),
    blocks: isOpen ? pendingCard(t, run, approval) : decidedCard(t, run, approval),
  };
}

function cardTitle(t: Translate, run: ShownRun, approval: ShownApproval): string {
  const what = { run: runName(run), cluster: run.cluster };
  if (approval.status !== 'pending') return t(say('Approval: {run} in {cluster}', what));
  const asked: Text = approval.difference
    ? say('Approve again: {run} in {cluster}', what)
    : say('Approve: {run} in {cluster}', what);
  return t(asked);
}

function cardText(t: Translate, run: ShownRun, approval: ShownApproval): string {
  const effects = gateEffects(t, run, approval);
  const title = line(cardTitle(t, run, approval));
  if (approval.status !== 'pending') return fallbackText([title, approvalOutcome(t, approval)]);
  return fallbackText([
    title,
    t(say('Asked for by {requester}.', { requester: personName(t, run.requester) })),
    approval.difference
      ? differenceText(t, approval.difference)
      : effects && t(say('It will: {effects}.', { effects: line(effects, 600) })),
    run.plan ? line(undoInWords(t, planEffects(run.plan)), 600) : '',
    deadline(t, approval),
  ]);
}

function deadline(t: Translate, { expiresAt }: ShownApproval): string {
  return t(
    say('Stands until {until}. Without a decision nothing is done.', { until: moment(expiresAt) }),
  );
}

function pendingCard(t: Translate, run: ShownRun, approval: ShownApproval): KnownBlock[] {
  const body = approval.difference
    ? differenceBlocks(t, approval.difference)
    : planBlocks(t, run.plan, approval);
  const requester = t(
    say('Asked for by {requester}.', { requester: personName(t, run.requester) }),
  );
  const votes = votesSoFar(t, approval);
  return fitMessage(
    [
      header(cardTitle(t, run, approval)),
      section([deadline(t, approval), ...(votes ? [votes] : [])].join('\n')),
      ...body,
    ],
    [context(`${requester} ${mayApprove(t, approval)}`), decisionButtons(t, run, approval)],
    () => section(t(say('…and more: press *Details* before you decide.'))),
  );
}

function planBlocks(
  t: Translate,
  plan: ShownPlan | undefined,
  approval: ShownApproval,
): KnownBlock[] {
  if (!plan || plan.digest !== approval.digest) return [];
  const effects = planEffects(plan);
  const tiles = plan.tiles.filter((tile) => tile.readyWhile < tile.readyNow);
  const warnings = plan.warnings.map((each) => `⚠️ ${line(each.text, 400)}`);
  return [
    ...(warnings.length > 0 ? listSections(t(say('*Warnings*')), warnings) : []),
    ...(effects.length > 0
      ? listSections(t(say('*It will*')), effectLines(t, effects))
      : [section(t(say('*It will* change nothing.')))]),
    ...(tiles.length > 0
      ? listSections(
          tilesHeading(t),
          tiles.map((tile) => tileLine(t, tile)),
        )
      : [section(t(say('*Services*: none that is watched is touched.')))]),
    ...doubts(t, plan),
  ];
}

/** What was found that speaks for the plan or against it; the calm rest is under Details. */
function doubts(t: Translate, plan: ShownPlan): KnownBlock[] {
  return planFindings(plan)
    .filter(({ lines }) => lines.some(needsAttention))
    .flatMap((finding) => attentionBlocks(t, finding, DOUBTS_SHOWN));
}

function decidedCard(t: Translate, run: ShownRun, approval: ShownApproval): KnownBlock[] {
  const effects = gateEffects(t, run, approval);
  const facts = [
    effects && line(effects, 800),
    t(say('asked for by {requester}', { requester: personName(t, run.requester) })),
    t(say('run {id}', { id: code(run.id) })),
  ];
  return [
    section(`${bold(cardTitle(t, run, approval))}\n${approvalOutcome(t, approval)}`),
    context(facts.filter((part) => part !== '').join(' · ')),
  ];
}

function decisionButtons(t: Translate, run: ShownRun, approval: ShownApproval): ActionsBlock {
  const value = runValue(run, approval.gate);
  const what = { run: runName(run), cluster: run.cluster };
  const approve = button({
    actionId: 'approval_approve',
    value,
    label: t(say('Approve')),
    spoken: t(say('Approve {run} in {cluster}', what)),
    style: 'primary',
    confirm: confirmation({
      title: t(say('Approve {run}?', { run: runName(run) })),
      text: confirmText(t, run, approval),
      yes: t(say('Approve')),
      no: t(say('Not now')),
      style: 'primary',
    }),
  });
  const reject = button({
    actionId: 'approval_reject',
    value,
    label: t(say('Reject…')),
    spoken: t(say('Reject {run} in {cluster}, with a reason', what)),
    style: 'danger',
  });
  return actions(approve, reject, detailsButton(t, run, approval.gate));
}

function confirmText(t: Translate, run: ShownRun, approval: ShownApproval): string {
  const effects = gateEffects(t, run, approval) || t(say('the plan as shown'));
  const where = { target: targetName(run), cluster: run.cluster, effects };
  return t(say('On {target} in {cluster}: {effects}. It begins at once.', where));
}

function differenceBlocks(t: Translate, { added, removed }: ShownPlanDifference): KnownBlock[] {
  const intro = say(
    'The cluster has changed since the plan was approved. *Only the difference is shown.*',
  );
  const said = ({ verb, ...effect }: ShownEffect) => {
    const object = { kind: line(effect.object.kind), name: code(objectName(effect)) };
    return t(say('{verb} {kind} {name}', { verb: verbWords(verb), ...object }));
  };
  const list = (heading: Text, lines: string[]) =>
    lines.length === 0 ? [] : listSections(t(heading), lines);
  return [
    section(t(intro)),
    ...list(
      say('*New in the plan*'),
      added.map((each) => `➕ ${t(say('added: {effect}', { effect: said(each) }))}`),
    ),
    ...list(
      say('*No longer in the plan*'),
      removed.map((each) => `➖ ${t(say('gone: {effect}', { effect: said(each) }))}`),
    ),
  ];
}

function differenceText(t: Translate, { added, removed }: ShownPlanDifference): string {
  const names = (effects: readonly ShownEffect[]) =>
    line(effects.map((each) => t(effectWords(each))).join(', '), 500);
  return [
    t(say('The plan has changed since it was approved.')),
    added.length > 0 ? t(say('New: {what}.', { what: names(added) })) : '',
    removed.length > 0 ? t(say('Gone: {what}.', { what: names(removed) })) : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}
