import type { ServiceTile } from '../../actions/action.ts';
import type {
  ShownEffect,
  ShownFinding,
  ShownFindingLine,
  ShownPlan,
  ShownPlannedStep,
} from '../../runs/shown-run.ts';
import { bold, code, counted, line } from './mrkdwn.ts';

export function planEffects(plan: ShownPlan): ShownEffect[] {
  return plan.steps.flatMap((step) => step.effects);
}

/** Effects of one kind together: `evict 13 Pods`. */
interface EffectGroup {
  readonly words: string;
  readonly effects: readonly ShownEffect[];
}

function effectGroups(effects: readonly ShownEffect[]): EffectGroup[] {
  const byKind = Map.groupBy(effects, ({ verb, object }) => `${verb} ${object.kind}`);
  return [...byKind.values()].map((group) => ({ words: groupWords(group), effects: group }));
}

function groupWords(group: readonly ShownEffect[]): string {
  const [first] = group;
  if (!first) return '';
  const { verb, object } = first;
  const named = group.length === 1 ? `${object.kind} ${objectName(first)}` : undefined;
  return `${verb} ${named ?? counted(group.length, object.kind)}`;
}

/** In one line, such as `cordon Node kr-b-2, evict 13 Pods`. Plain text. */
export function effectsInWords(effects: readonly ShownEffect[]): string {
  if (effects.length === 0) return 'nothing is changed';
  return effectGroups(effects)
    .map((group) => group.words)
    .join(', ');
}

export function objectName({ object }: ShownEffect): string {
  return object.namespace ? `${object.namespace}/${object.name}` : object.name;
}

/** One line per group, with its way back. */
export function effectLines(effects: readonly ShownEffect[]): string[] {
  return effectGroups(effects).map((group) => {
    const undo = group.effects[0]?.undo;
    const back = undo ? `can be undone: ${line(undo, 200)}` : 'cannot be undone';
    return `• ${line(group.words, 200)} · ${back}`;
  });
}

/** What stands behind after a failure, in words for people who decide. Plain text. */
export function undoInWords(effects: readonly ShownEffect[]): string {
  const groups = effectGroups(effects);
  const lasting = groups.filter((group) => group.effects[0]?.undo === undefined);
  const undoable = groups.filter((group) => group.effects[0]?.undo !== undefined);
  const parts = [
    undoable.length > 0 ? `Taken back on failure: ${wordsOf(undoable)}.` : '',
    lasting.length > 0 ? `Cannot be undone: ${wordsOf(lasting)}.` : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function wordsOf(groups: readonly EffectGroup[]): string {
  return groups.map((group) => group.words).join(', ');
}

/** `1 waits · 11 leave now`; empty where the lines have no verdict. */
export function verdictCounts(finding: ShownFinding): string {
  return [...linesByVerdict(finding)]
    .map(([verdict, lines]) => `${lines.length} ${line(verdictOf(verdict, lines.length), 40)}`)
    .join(' · ');
}

/** A finding's title, with how many lines say what. mrkdwn. */
export function findingHeading(finding: ShownFinding): string {
  const counts = verdictCounts(finding);
  return counts ? `${bold(finding.title)} · ${counts}` : bold(finding.title);
}

/** `waits` for one, `wait` for several. */
function verdictOf(verdict: string, count: number): string {
  const words = verdict === 'never' ? 'can never leave' : verdict;
  return count === 1 ? words : words.replace(/^(leave|wait|stay|need|fit)s\b/, '$1');
}

function linesByVerdict(finding: ShownFinding): Map<string, ShownFindingLine[]> {
  const judged = worstFirst(finding.lines).filter((each) => each.verdict !== undefined);
  return Map.groupBy(judged, (each) => each.verdict ?? '');
}

/** Verdicts that a person need not read one by one. */
const CALM = /^(leaves?|leave|stays?|fits?|ok|ready|already|healthy|none)\b/i;

const WORST_FIRST = ['never', 'needs a decision', 'waits'];

/** Those that decide come first, so that a list that is cut is cut at its calm end. */
export function worstFirst(lines: readonly ShownFindingLine[]): ShownFindingLine[] {
  return lines.toSorted((a, b) => rank(a) - rank(b));
}

function rank(finding: ShownFindingLine): number {
  if (!needsAttention(finding)) return WORST_FIRST.length + 1;
  const known = WORST_FIRST.indexOf(finding.verdict ?? '');
  return known === -1 ? WORST_FIRST.length : known;
}

export function needsAttention({ verdict }: ShownFindingLine): boolean {
  return verdict !== undefined && !CALM.test(verdict);
}

export function findingLine({ subject, verdict, detail }: ShownFindingLine): string {
  const judged = verdict ? ` ${line(verdictOf(verdict, 1), 40)}` : '';
  return `• ${code(subject)}${judged}${detail ? `: ${line(detail, 400)}` : ''}`;
}

export function tileLine(tile: ServiceTile): string {
  const { name, readyNow, readyWhile, readyAfter } = tile;
  const numbers = `${readyNow} → ${readyWhile} → ${readyAfter}`;
  if (readyNow > 0 && readyWhile <= 0) return `• ⚠️ ${bold(name)} ${numbers}: down meanwhile`;
  if (readyAfter < readyNow) return `• ⚠️ ${bold(name)} ${numbers}: fewer than before`;
  return `• ${bold(name)} ${numbers}`;
}

export function planFindings(plan: ShownPlan): ShownFinding[] {
  return plan.steps.flatMap((step) => step.findings);
}

export function stepLine(step: ShownPlannedStep, index: number): string {
  return `${index + 1}. ${titled(step, bold)}`;
}

/** A step's title and what it does: `Drain: evict 10 pods`, and `Cordon kr-b-2` where the words begin with the title. */
export function stepWords(step: ShownPlannedStep): string {
  return titled(step, line);
}

function titled(
  { title, summary, skip }: ShownPlannedStep,
  face: (text: string) => string,
): string {
  const words = skip ? `skipped: ${skip}` : summary;
  const begins = words.toLowerCase().startsWith(`${title.toLowerCase()} `);
  return begins
    ? `${face(title)} ${line(words.slice(title.length))}`
    : `${face(title)}: ${line(words)}`;
}
