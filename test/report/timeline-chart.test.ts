import { describe, expect, it } from 'vitest';
import { toPng } from '../../src/report/png.ts';
import { stretchesOf } from '../../src/report/stretches.ts';
import { drawTimeline } from '../../src/report/timeline-chart.ts';
import type { ShownRun } from '../../src/runs/shown-run.ts';
import { AT, approval, awaiting, run, succeeded } from '../slack/sample-runs.ts';
import { hostile, states } from '../slack/sample-states.ts';

const MINUTE = 60_000;

describe('what a run spent its time on', () => {
  it('is the plan, the waiting for people, and each step, in the order in which they began', () => {
    const began = { ...succeeded, createdAt: AT - MINUTE };

    expect(stretchesOf(began, AT).map(({ label, words }) => `${label}: ${words}`)).toEqual([
      'Plan: made',
      'Approval: approved',
      'Step cordon: done',
      'Step drain: done',
    ]);
    expect(stretchesOf(began, AT)[0]).toMatchObject({ from: AT - MINUTE, to: AT });
  });

  it('goes on until now where it has not ended', () => {
    const now = AT + 7 * MINUTE;

    expect(stretchesOf(awaiting, now).at(-1)).toMatchObject({ words: 'waiting', to: now });
  });

  it('ends with the run, were nobody to have decided', () => {
    const ended = { ...awaiting, endedAt: AT + MINUTE };

    expect(stretchesOf(ended, AT + 7 * MINUTE).at(-1)?.to).toBe(AT + MINUTE);
  });

  it('counts approvals where there is more than one', () => {
    const approvals = [approval({ status: 'approved', decidedAt: AT + 1 }), approval({ gate: 2 })];

    const labels = stretchesOf({ ...awaiting, approvals }, AT + MINUTE).map(({ label }) => label);

    expect(labels).toEqual(expect.arrayContaining(['Approval', 'Approval 2']));
  });

  it('says that a step which was asked to stop was stopped, not that it failed', () => {
    const error = { code: 'run_stopped', message: 'stopped by Mina' };
    const stopped: ShownRun = run({
      steps: [{ id: 'drain', title: 'Drain', status: 'failed', left: [], error, startedAt: AT }],
    });

    expect(stretchesOf(stopped, AT).at(-1)?.words).toBe('stopped');
  });
});

describe('the picture of a timeline', () => {
  it.each(Object.entries(states))('is drawn of a run in the state %s', async (_state, each) => {
    const png = await toPng(drawTimeline(each, AT + MINUTE));

    expect(Buffer.from(png).subarray(1, 4).toString()).toBe('PNG');
  });

  it('lets nothing foreign out of its place', () => {
    const svg = drawTimeline({ ...hostile, runbookTitle: '"/><script>\u0007</script>' }, AT);

    expect(svg).not.toContain('<script');
    expect(svg).not.toContain('\u0007');
    expect(svg).toContain('&lt;!channel&gt;');
  });

  it('keeps every bar and every tick between its margins, however long the run took', () => {
    for (const length of [0, 900, 90_000, 5 * MINUTE, 26 * 60 * MINUTE, 40 * 24 * 60 * MINUTE]) {
      const svg = drawTimeline({ ...awaiting, endedAt: AT + length }, AT + length);
      const places = [...svg.matchAll(/<(?:line|rect|text) x1?="([\d.]+)"/g)].map(([, x]) =>
        Number(x),
      );

      expect(Math.max(...places)).toBeLessThan(960);
      expect(Math.min(...places)).toBeGreaterThan(0);
    }
  });
});
