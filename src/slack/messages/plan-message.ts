import type { KnownBlock } from '@slack/types';
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
  verdictCounts,
  worstFirst,
} from './plan-facts.ts';
import { rootKey } from './root-message.ts';
import { decideButton, detailsButton } from './run-buttons.ts';
import { runName } from './run-words.ts';
import type { WantedMessage } from './wanted-message.ts';

/** Lines of a finding shown in the thread; the whole list is one tap away. */
const LINES_SHOWN = 10;

export function planMessage(run: ShownRun, plan: ShownPlan, channel: string): WantedMessage {
  return {
    key: `run/${run.id}/plan`,
    channel,
    first: true,
    threadKey: rootKey(run.id),
    phase: `${run.status === 'blocked'} ${plan.digest}`,
    text: planText(run, plan),
    blocks: fitMessage(
      [...planSummaryBlocks(run, plan), ...planFindings(plan).flatMap(shortFinding)],
      [context(planNote(run)), actions(...planButtons(run, plan))],
      () => section(`…and more: press *Details*, or ${code(`/runbook status ${run.id}`)}`),
    ),
  };
}

function planText(run: ShownRun, plan: ShownPlan): string {
  return fallbackText([
    `${run.dryRun ? 'Dry-run plan' : 'Plan'} for ${line(runName(run))} in ${line(run.cluster)}: ${line(plan.headline, 500)}`,
    ...plan.blockers.map((blocker) => `Blocked: ${line(blocker.text)} ${line(blocker.wayOut)}`),
    ...plan.warnings.map((warning) => `Warning: ${line(warning.text)}`),
    `Changes: ${line(effectsInWords(planEffects(plan)), 600)}.`,
    ...planFindings(plan).map(findingText),
  ]);
}

function findingText(finding: ShownFinding): string {
  const counts = verdictCounts(finding);
  return counts ? `${line(finding.title, 100)}: ${counts}` : line(finding.title, 100);
}

/** What decides: what stands in the way, then the steps, then what changes and what it does to services. */
export function planSummaryBlocks(run: ShownRun, plan: ShownPlan): KnownBlock[] {
  const effects = planEffects(plan);
  return [
    header(`${run.dryRun ? 'Dry-run plan' : 'Plan'}: ${runName(run)} in ${run.cluster}`),
    ...listOf('*Blocked*', plan.blockers, (each) => [
      `⛔ ${line(each.text, 500)}`,
      `     Way out: ${line(each.wayOut, 500)}`,
    ]),
    ...listOf('*Warnings*', plan.warnings, (each) => [`⚠️ ${line(each.text, 500)}`]),
    ...listOf('*Steps*', plan.steps.map(stepLine), (each) => [each]),
    ...(effects.length > 0
      ? listSections('*What changes*', effectLines(effects))
      : [section('*What changes*\nNothing.')]),
    ...listOf('*Services* · ready now → while it runs → after', plan.tiles, (each) => [
      tileLine(each),
    ]),
  ];
}

function listOf<T>(heading: string, items: readonly T[], lines: (item: T) => string[]) {
  return items.length === 0 ? [] : listSections(heading, items.flatMap(lines));
}

/** Counts, then what needs reading; calm lines are only counted. */
function shortFinding(finding: ShownFinding): KnownBlock[] {
  const judged = finding.lines.some((each) => each.verdict !== undefined);
  const wanted = judged ? worstFirst(finding.lines).filter(needsAttention) : finding.lines;
  const left = wanted.length - LINES_SHOWN;
  const more = left > 0 ? [`…and ${left} more under *Details*`] : [];
  return listSections(findingHeading(finding), [
    ...wanted.slice(0, LINES_SHOWN).map(findingLine),
    ...more,
  ]);
}

/** Everything that was found, line by line: for the modal and for `/runbook status`. */
export function findingBlocks(plan: ShownPlan): KnownBlock[] {
  return planFindings(plan).flatMap((finding) =>
    listSections(findingHeading(finding), worstFirst(finding.lines).map(findingLine)),
  );
}

function planNote(run: ShownRun): string {
  if (run.dryRun) return 'Dry run: nothing will be changed, and nobody is asked to approve.';
  if (run.status === 'blocked') return blockedNote(run);
  return 'This is what the cluster looked like when the plan was made. It is worked out anew before anything is changed.';
}

function blockedNote({ blockedUntil }: ShownRun): string {
  const until = blockedUntil === undefined ? '' : ` It waits until ${moment(blockedUntil)}.`;
  return `Nothing is changed while the plan is blocked.${until}`;
}

function planButtons(run: ShownRun, plan: ShownPlan) {
  const decidable = plan.blockers.some((blocker) => blocker.exception !== undefined);
  if (run.status !== 'blocked' || !decidable) return [detailsButton(run)];
  return [decideButton(run), detailsButton(run)];
}
