import { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { plainView, stepsPicture, terminalView } from '../../src/cli/run-view.ts';
import type { ShownRun } from '../../src/runs/shown-run.ts';
import { AT, running } from '../slack/sample-runs.ts';

const drain = {
  id: 'drain',
  title: 'Drain',
  status: 'running',
  left: [],
  startedAt: AT,
  progress: { done: 9, total: 12, unit: 'pods', waiting: 'budget payments/api: needs 2, has 2' },
} as const;
const run: ShownRun = {
  ...running,
  steps: [
    { id: 'cordon', title: 'Cordon', status: 'done', left: [], startedAt: AT, endedAt: AT + 2_000 },
    drain,
  ],
};

describe('a run on the command line', () => {
  it('shows each step with its state in a word, a bar, and what it waits for', () => {
    expect(stepsPicture(run, AT + 40_000)).toBe(
      [
        '✔ Cordon  done     2s',
        '▶ Drain   running  ███████████████░░░░░ 9 of 12 pods  40s; budget payments/api: needs 2, has 2',
      ].join('\n'),
    );
  });

  it('in a pipe is lines alone', () => {
    const lines: string[] = [];
    const view = plainView((text) => lines.push(text));

    view.line('10:00:00  Cordoned kr-b-2.');
    view.now(run);
    view.end();

    expect(lines).toEqual(['10:00:00  Cordoned kr-b-2.']);
  });

  it('on a terminal keeps the lines, and draws the steps under them until the end', () => {
    const { terminal, written } = fakeTerminal();
    const view = terminalView(terminal, () => AT + 40_000);

    view.now(run);
    view.line('10:00:00  Cordoned kr-b-2.');
    view.end();

    expect(stripVTControlCharacters(written())).toMatch(
      /9 of 12 pods[\s\S]*Cordoned kr-b-2\.\n[\s\S]*9 of 12 pods/,
    );
    // the steps are wiped away, the line stays
    expect(written().split('Cordoned')[1]).toContain('\u001B[2K');
  });
});

/** A terminal without a device behind it. */
function fakeTerminal() {
  let text = '';
  const terminal = Object.assign(Object.create(WriteStream.prototype) as WriteStream, {
    isTTY: true,
    columns: 120,
    rows: 40,
  });
  vi.spyOn(terminal, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  return { terminal, written: () => text };
}
