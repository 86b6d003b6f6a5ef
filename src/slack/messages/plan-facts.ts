import type { ServiceTile, Verdict } from '../../actions/action.ts';
import { effectWords, verbWords } from '../../actions/effect-words.ts';
import { isCalm, verdictRank, verdictWords } from '../../actions/verdict-words.ts';
import { say } from '../../language/text.ts';
import type { Translate } from '../../language/translate.ts';
import type {
  ShownEffect,
  ShownFinding,
  ShownFindingLine,
  ShownPlan,
  ShownPlannedStep,
} from '../../runs/shown-run.ts';
import { bold, code, line } from './mrkdwn.ts';

export function planEffects(plan: ShownPlan): ShownEffect[] {
  return plan.steps.flatMap((step) => step.effects);
}

/** Effects of one kind together: `evict 13 Pods`. */
interface EffectGroup {
  readonly words: string;
  readonly undo: string | undefined;
}

function effectGroups(t: Translate, effects: readonly ShownEffect[]): EffectGroup[] {
  const byKind = Map.groupBy(effects, ({ verb, object }) => `${verb} ${object.kind}`);
  return [...byKind.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ words: groupWords(t, first, group.length), undo: first.undo }] : [];
  });
}

function groupWords(t: Translate, first: ShownEffect, count: number): string {
  const { kind } = first.object;
  if (count === 1) return t(effectWords(first));
  const verb = verbWords(first.verb);
  return t(say('{verb} {count} {kinds}', { verb, count, kinds: `${kind.replace(/y$/, 'ie')}s` }));
}

/** In one line, such as `cordon Node kr-b-2, evict 13 Pods`. Plain text. */
export function effectsInWords(t: Translate, effects: readonly ShownEffect[]): string {
  if (effects.length === 0) return t(say('nothing is changed'));
  return wordsOf(effectGroups(t, effects));
}

export function objectName({ object }: Pick<ShownEffect, 'object'>): string {
  return object.namespace ? `${object.namespace}/${object.name}` : object.name;
}

/** One line per group, with its way back. */
export function effectLines(t: Translate, effects: readonly ShownEffect[]): string[] {
  return effectGroups(t, effects).map(({ words, undo }) => {
    const back = undo
      ? t(say('can be undone: {how}', { how: line(undo, 200) }))
      : t(say('cannot be undone'));
    return `• ${line(words, 200)} · ${back}`;
  });
}

/** What stands behind after a failure, in words for people who decide. Plain text. */
export function undoInWords(t: Translate, effects: readonly ShownEffect[]): string {
  const groups = effectGroups(t, effects);
  const lasting = groups.filter(({ undo }) => undo === undefined);
  const undoable = groups.filter(({ undo }) => undo !== undefined);
  const parts = [
    undoable.length > 0
      ? t(say('Taken back on failure: {what}.', { what: wordsOf(undoable) }))
      : '',
    lasting.length > 0 ? t(say('Cannot be undone: {what}.', { what: wordsOf(lasting) })) : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function wordsOf(groups: readonly EffectGroup[]): string {
  return groups.map(({ words }) => words).join(', ');
}

/** `1 waits · 11 leave now`; empty where the lines have no verdict. */
export function verdictCounts(t: Translate, finding: ShownFinding): string {
  const verdicts = worstFirst(finding.lines).flatMap(({ verdict }) => verdict ?? []);
  const groups = [...Map.groupBy(verdicts, (verdict) => verdict)];
  return groups
    .map(([verdict, { length }]) => `${length} ${line(t(verdictWords(verdict, length)), 40)}`)
    .join(' · ');
}

/** A finding's title, with how many lines say what. mrkdwn. */
export function findingHeading(t: Translate, finding: ShownFinding): string {
  const counts = verdictCounts(t, finding);
  return counts ? `${bold(finding.title)} · ${counts}` : bold(finding.title);
}

/** Those that decide come first, so that a list that is cut is cut at its calm end. */
export function worstFirst(lines: readonly ShownFindingLine[]): ShownFindingLine[] {
  return lines.toSorted((a, b) => rank(a.verdict) - rank(b.verdict));
}

function rank(verdict: Verdict | undefined): number {
  return verdict === undefined ? Number.MAX_SAFE_INTEGER : verdictRank(verdict);
}

export function needsAttention({ verdict }: ShownFindingLine): boolean {
  return verdict !== undefined && !isCalm(verdict);
}

export function findingLine(t: Translate, { subject, verdict, detail }: ShownFindingLine): string {
  const judged = verdict ? ` ${line(t(verdictWords(verdict, 1)), 40)}` : '';
  return `• ${code(subject)}${judged}${detail ? `: ${line(detail, 400)}` : ''}`;
}

export function tilesHeading(t: Translate): string {
  return t(say('*Services* · ready now → while it runs → after'));
}

export function tileLine(t: Translate, tile: ServiceTile): string {
  const { name, readyNow, readyWhile, readyAfter } = tile;
  const shown = `${bold(name)} ${readyNow} → ${readyWhile} → ${readyAfter}`;
  if (readyNow > 0 && readyWhile <= 0)
    return `• ⚠️ ${t(say('{tile}: down meanwhile', { tile: shown }))}`;
  if (readyAfter < readyNow) return `• ⚠️ ${t(say('{tile}: fewer than before', { tile: shown }))}`;
  return `• ${shown}`;
}

export function planFindings(plan: ShownPlan): ShownFinding[] {
  return plan.steps.flatMap((step) => step.findings);
}

export function stepLine(t: Translate, step: ShownPlannedStep, index: number): string {
  return `${index + 1}. ${titled(t, step, bold)}`;
}

/** A step's title and what it does: `Drain: evict 10 pods`, and `Cordon kr-b-2` where the words begin with the title. */
export function stepWords(t: Translate, step: ShownPlannedStep): string {
  return titled(t, step, line);
}

function titled(
  t: Translate,
  { title, summary, skip }: ShownPlannedStep,
  face: (text: string) => string,
): string {
  const words = skip ? t(say('skipped: {why}', { why: skip })) : summary;
  const begins = words.toLowerCase().startsWith(`${title.toLowerCase()} `);
  return begins
    ? `${face(title)} ${line(words.slice(title.length))}`
    : `${face(title)}: ${line(words)}`;
}
