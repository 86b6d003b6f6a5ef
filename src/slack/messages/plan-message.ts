import type { Button, KnownBlock } from '@slack/types';
import { say, type Text } from '../../language/text.ts';
import type { Translate } from '../../language/translate.ts';
import type { ShownFinding, ShownPlan, ShownRun } from '../../runs/shown-run.ts';
import {
  actions,
  context,
  fallbackText,
  fitMessage,
  header,
  listSections,
  section,
} from './blocks.ts';
import { code, line, moment } from './mrkdwn.ts';
import {
  effectLines,
  effectsInWords,
  findingHeading,
  findingLine,
  needsAttention,
  planEffects,
  planFindings,
  stepLine,
  tileLine,
  tilesHeading,
  undoInWords,
  verdictCounts,
  worstFirst,
} from './plan-facts.ts';
import { rootKey } from './root-message.ts';
import { decideButton, detailsButton } from './run-buttons.ts';
import { runName } from './run-words.ts';
import type { WantedMessage } from './wanted-message.ts';

/** Lines of a finding shown in the thread, which is read on a phone; the whole list is one tap away. */
const LINES_SHOWN = 4;

export function planMessage(t: Translate, run: ShownRun, channel: string): WantedMessage[] {
  const { plan } = run;
  if (!plan) return [];
  return [
    {
      key: `run/${run.id}/plan`,
      channel,
      first: true,
      threadKey: rootKey(run.id),
      phase: `${run.status === 'blocked'} ${plan.digest}`,
      text: planText(t, run, plan),
      blocks: fitMessage(
        [
          ...planHead(t, run, plan),
          section(line(undoInWords(t, planEffects(plan)) || t(say('Nothing is changed.')), 1500)),
          ...tiles(t, plan),
          ...planFindings(plan).flatMap((finding) => shortFinding(t, finding)),
        ],
        [context(planNote(t, run)), actions(...planButtons(t, run, plan))],
        () => section(moreUnderDetails(t, run)),
      ),
    },
  ];
}

function moreUnderDetails(t: Translate, { id }: ShownRun): string {
  return t(
    say('…and more: press *Details*, or {command}', { command: code(`/runbook status ${id}`) }),
  );
}

function planText(t: Translate, run: ShownRun, plan: ShownPlan): string {
  const changes = effectsInWords(t, planEffects(plan));
  return fallbackText([
    `${line(planTitle(t, run))}: ${line(plan.headline, 500)}`,
    ...plan.blockers.map((blocker) =>
      t(say('Blocked: {why} {wayOut}', { why: line(blocker.text), wayOut: line(blocker.wayOut) })),
    ),
    ...plan.warnings.map((warning) => t(say('Warning: {text}', { text: line(warning.text) }))),
    t(say('Changes: {what}.', { what: line(changes, 600) })),
    ...planFindings(plan).map((finding) => findingText(t, finding)),
  ]);
}

function planTitle(t: Translate, run: ShownRun): string {
  const what = { run: runName(run), cluster: run.cluster };
  const title: Text = run.dryRun
    ? say('Dry-run plan: {run} in {cluster}', what)
    : say('Plan: {run} in {cluster}', what);
  return t(title);
}

function findingText(t: Translate, finding: ShownFinding): string {
  const counts = verdictCounts(t, finding);
  return counts ? `${line(finding.title, 100)}: ${counts}` : line(finding.title, 100);
}

/** One sentence, what stands in the way, and the steps. */
function planHead(t: Translate, run: ShownRun, plan: ShownPlan): KnownBlock[] {
  return [
    header(planTitle(t, run)),
    section(line(plan.headline, 600)),
    ...listOf(t(say('*Blocked*')), plan.blockers, (each) => [
      `⛔ ${line(each.text, 500)}`,
      `     ${t(say('Way out: {wayOut}', { wayOut: line(each.wayOut, 500) }))}`,
    ]),
    ...listOf(t(say('*Warnings*')), plan.warnings, (each) => [`⚠️ ${line(each.text, 500)}`]),
    ...listOf(
      t(say('*Steps*')),
      plan.steps.map((step, index) => stepLine(t, step, index)),
      (each) => [each],
    ),
  ];
}

function tiles(t: Translate, plan: ShownPlan): KnownBlock[] {
  return listOf(tilesHeading(t), plan.tiles, (each) => [tileLine(t, each)]);
}

/** All that decides: what stands in the way, the steps, every kind of change with its way back, and the services. */
export function planSummaryBlocks(t: Translate, run: ShownRun, plan: ShownPlan): KnownBlock[] {
  const effects = planEffects(plan);
  return [
    ...planHead(t, run, plan),
    ...(effects.length > 0
      ? listSections(t(say('*What changes*')), effectLines(t, effects))
      : [section(`${t(say('*What changes*'))}\n${t(say('Nothing.'))}`)]),
    ...tiles(t, plan),
  ];
}

function listOf<T>(heading: string, items: readonly T[], lines: (item: T) => string[]) {
  return items.length === 0 ? [] : listSections(heading, items.flatMap(lines));
}

/** Counts, then what needs reading; calm lines, and facts without a verdict, are under Details. */
function shortFinding(t: Translate, finding: ShownFinding): KnownBlock[] {
  const judged = finding.lines.some((each) => each.verdict !== undefined);
  if (!judged) return [];
  return attentionBlocks(t, finding, LINES_SHOWN);
}

/** A finding's heading with its counts, and the first of the lines that need reading. */
export function attentionBlocks(t: Translate, finding: ShownFinding, most: number): KnownBlock[] {
  const wanted = worstFirst(finding.lines).filter(needsAttention);
  const left = wanted.length - most;
  return listSections(findingHeading(t, finding), [
    ...wanted.slice(0, most).map((each) => findingLine(t, each)),
    ...(left > 0 ? [t(say('…and {left} more under *Details*', { left }))] : []),
  ]);
}

/** Everything that was found, line by line: for the modal and for `/runbook status`. */
export function findingBlocks(t: Translate, plan: ShownPlan): KnownBlock[] {
  return planFindings(plan).flatMap((finding) =>
    listSections(
      findingHeading(t, finding),
      worstFirst(finding.lines).map((each) => findingLine(t, each)),
    ),
  );
}

function planNote(t: Translate, run: ShownRun): string {
  if (run.dryRun) {
    return t(say('Dry run: nothing will be changed, and nobody is asked to approve.'));
  }
  if (run.status === 'blocked') return blockedNote(t, run);
  return t(
    say(
      'This is what the cluster looked like when the plan was made. It is worked out anew before anything is changed.',
    ),
  );
}

function blockedNote(t: Translate, { blockedUntil }: ShownRun): string {
  if (blockedUntil === undefined) return t(say('Nothing is changed while the plan is blocked.'));
  return t(
    say('Nothing is changed while the plan is blocked. It waits until {until}.', {
      until: moment(blockedUntil),
    }),
  );
}

function planButtons(t: Translate, run: ShownRun, plan: ShownPlan): Button[] {
  const decidable = plan.blockers.some((blocker) => blocker.exception !== undefined);
  if (run.status !== 'blocked' || !decidable) return [detailsButton(t, run)];
  return [decideButton(t, run), detailsButton(t, run)];
}
