import { durationInWords } from '../actions/words.ts';
import type { ShownRun } from '../runs/shown-run.ts';
import { type Tick, ticksOver } from './axis.ts';
import { type Stretch, type StretchKind, stretchesOf } from './stretches.ts';
import { clipped, xml } from './xml.ts';

const WIDTH = 960;
const MARGIN = 24;
const LABELS_WIDTH = 232;
/** Room behind the last bar for its words. */
const WORDS_WIDTH = 168;
const HEAD_HEIGHT = 84;
const ROW_HEIGHT = 36;
const BAR_HEIGHT = 20;
const LEAST_BAR = 3;
const LABEL_LETTERS = 30;
const FONT = 'DejaVu Sans';

/** Told apart in grey, too: by lightness, and by the words beside each bar. */
const COLOURS: Readonly<Record<StretchKind, string>> = {
  planning: '#8da2c0',
  waiting: '#e0a83c',
  running: '#4b8fe2',
  done: '#2f7d57',
  failed: '#b3322c',
  undone: '#7d5aa6',
};
const INK = '#1d2733';
const FAINT = '#5b6875';
const RULE = '#d8dee5';

interface Scale {
  readonly from: number;
  readonly length: number;
}

/** What a run spent its time on, as a picture for people who were not there. SVG, complete in itself. */
export function drawTimeline(run: ShownRun, now: number): string {
  const rows = stretchesOf(run, now);
  const from = run.createdAt;
  const length = Math.max(1, ...rows.map(({ to }) => to - from));
  const scale = { from, length };
  const height = HEAD_HEIGHT + rows.length * ROW_HEIGHT + 44;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="${FONT}, sans-serif" role="img" aria-label="${xml(titleOf(run))}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...head(run),
    ...ticksOver(length).map((tick) => gridLine(tick, scale, height)),
    ...rows.map((row, index) => bar(row, scale, HEAD_HEIGHT + index * ROW_HEIGHT)),
    '</svg>',
  ].join('\n');
}

function titleOf({ runbookTitle, target, cluster, status }: ShownRun): string {
  return `${runbookTitle}: ${target.replace('/', ' ')} in ${cluster}, ${status.replaceAll('_', ' ')}`;
}

function head(run: ShownRun): string[] {
  const began = new Date(run.createdAt).toISOString().slice(0, 16).replace('T', ' ');
  const took =
    run.endedAt === undefined ? '' : `, took ${durationInWords(run.endedAt - run.createdAt)}`;
  return [
    text(clipped(titleOf(run), 76), { x: MARGIN, y: 36, size: 19, weight: 'bold' }),
    text(`run ${run.id}, began ${began} UTC${took}`, { x: MARGIN, y: 60, size: 13, fill: FAINT }),
  ];
}

function xOf(at: number, { length }: Scale): number {
  const room = WIDTH - 2 * MARGIN - LABELS_WIDTH - WORDS_WIDTH;
  return MARGIN + LABELS_WIDTH + (at / length) * room;
}

function gridLine({ at, label }: Tick, scale: Scale, height: number): string {
  const x = rounded(xOf(at, scale));
  const foot = height - 34;
  return [
    `<line x1="${x}" y1="${HEAD_HEIGHT - 6}" x2="${x}" y2="${foot}" stroke="${RULE}"/>`,
    text(label, { x, y: foot + 18, size: 12, fill: FAINT, anchor: 'middle' }),
  ].join('\n');
}

function bar({ label, kind, words, from, to }: Stretch, scale: Scale, top: number): string {
  const x = xOf(from - scale.from, scale);
  const width = Math.max(LEAST_BAR, xOf(to - scale.from, scale) - x);
  const y = top + (ROW_HEIGHT - BAR_HEIGHT) / 2;
  const baseline = y + 15;
  return [
    text(clipped(label, LABEL_LETTERS), { x: MARGIN, y: baseline, size: 13 }),
    `<rect x="${rounded(x)}" y="${y}" width="${rounded(width)}" height="${BAR_HEIGHT}" rx="3" fill="${COLOURS[kind]}"/>`,
    text(`${words}${took(to - from)}`, {
      x: rounded(x + width + 8),
      y: baseline,
      size: 12,
      fill: FAINT,
    }),
  ].join('\n');
}

function took(ms: number): string {
  return ms < 500 ? '' : `, ${durationInWords(ms)}`;
}

interface TextStyle {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly fill?: string;
  readonly weight?: 'bold';
  readonly anchor?: 'middle';
}

function text(content: string, { x, y, size, fill = INK, weight, anchor }: TextStyle): string {
  const extra = `${weight ? ` font-weight="${weight}"` : ''}${anchor ? ` text-anchor="${anchor}"` : ''}`;
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}"${extra}>${xml(content)}</text>`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
