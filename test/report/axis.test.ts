import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ticksOver } from '../../src/report/axis.ts';

describe('the ticks of an axis', () => {
  it.each([
    [4_500, ['0 s', '1 s', '2 s', '3 s', '4 s']],
    [90_000, ['0 s', '15 s', '30 s', '45 s', '60 s', '75 s', '90 s']],
    [5 * 60_000, ['0 min', '1 min', '2 min', '3 min', '4 min', '5 min']],
    [26 * 3_600_000, ['0 h', '6 h', '12 h', '18 h', '24 h']],
  ])('of %d ms stand at round moments', (length, labels) => {
    expect(ticksOver(length).map(({ label }) => label)).toEqual(labels);
  });

  it('are few, begin with the run, and stand within it, whatever its length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 * 24 * 3_600_000 }), (length) => {
        const ticks = ticksOver(length);
        expect(ticks.length).toBeLessThanOrEqual(8);
        expect(ticks[0]?.at).toBe(0);
        expect(ticks.at(-1)?.at).toBeLessThanOrEqual(length);
      }),
    );
  });
});
