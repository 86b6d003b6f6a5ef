import { createLogUpdate } from 'log-update';
import { durationInWords } from '../actions/words.ts';
import type { ShownRun, ShownStepState } from '../runs/shown-run.ts';
import type { RunView } from './follow-run.ts';

const BAR_WIDTH = 20;
/** How often the seconds that are shown go on. */
const TICK_MS = 1_000;

/** For a pipe or a file: lines, one after the other. */
export function plainView(print: (text: string) => void): RunView {
  return { line: print, now: () => undefined, end: () => undefined };
}

/** For a program, which is told the end alone. */
export const silentView: RunView = plainView(() => undefined);

/** For a terminal: the lines, and under them the steps with a bar, drawn anew in place. */
export function terminalView(terminal: NodeJS.WriteStream, now: () => number): RunView {
  const live = createLogUpdate(terminal);
  let shown: ShownRun | undefined;
  const draw = () => {
    if (shown) live(stepsPicture(shown, now()));
  };
  const ticking = setInterval(draw, TICK_MS);
  return {
    line(text) {
      live.clear();
      terminal.write(`${text}\n`);
      draw();
    },
    now(run) {
      shown = run;
      draw();
    },
    end() {
      clearInterval(ticking);
      live.clear();
      live.done();
    },
  };
}

const MARKS: Readonly<Record<ShownStepState['status'], string>> = {
  pending: '·',
  running: '▶',
  done: '✔',
  skipped: '–',
  failed: '✖',
  undone: '↩',
};

/** Each step on a line: its state in a sign and in a word, and how far it is. */
export function stepsPicture({ steps }: ShownRun, now: number): string {
  const width = Math.max(0, ...steps.map(({ title }) => title.length));
  return steps
    .map((step) => {
      const { status, title } = step;
      return `${MARKS[status]} ${title.padEnd(width)}  ${status.padEnd(7)}${howFar(step, now)}`;
    })
    .join('\n');
}

function howFar({ status, progress, startedAt, endedAt }: ShownStepState, now: number): string {
  if (startedAt === undefined) return '';
  const took = `  ${durationInWords((endedAt ?? now) - startedAt)}`;
  if (status !== 'running' || progress === undefined) return took;
  const { done, total, unit, waiting } = progress;
  return `  ${bar(done, total)} ${done} of ${total} ${unit}${took}${waiting ? `; ${waiting}` : ''}`;
}

function bar(done: number, total: number): string {
  const filled = total > 0 ? Math.round((Math.min(done, total) / total) * BAR_WIDTH) : 0;
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
}
