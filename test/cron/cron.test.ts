import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { startJobs } from '../../src/cron/cron.ts';

const everySecond = '* * * * * *';
let stop: () => Promise<void> = async () => {};
afterEach(() => stop());

describe('a job', () => {
  it('that failed is logged, and done again at its next time', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line) => lines.push(line) });
    let turns = 0;
    const work = async () => {
      turns += 1;
      if (turns === 1) throw new Error('the first turn fails');
    };
    stop = startJobs([{ name: 'tidy', when: everySecond, work }], log);

    await expect.poll(() => turns, { timeout: 5000 }).toBeGreaterThanOrEqual(2);

    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('the first turn fails');
  });

  it('is not begun again while its last turn goes on', async () => {
    let under = 0;
    let most = 0;
    let turns = 0;
    const work = async () => {
      turns += 1;
      under += 1;
      most = Math.max(most, under);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      under -= 1;
    };
    stop = startJobs([{ name: 'slow', when: everySecond, work }], pino({ level: 'silent' }));

    await expect.poll(() => turns, { timeout: 8000 }).toBeGreaterThanOrEqual(2);

    expect(most).toBe(1);
  });
});
