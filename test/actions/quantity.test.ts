import { describe, expect, it } from 'vitest';
import { parseQuantity } from '../../src/actions/quantity.ts';

describe('parseQuantity', () => {
  it.each([
    ['2', 2],
    ['500m', 0.5],
    ['1.5Gi', 1610612736],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['1E3', 1000],
    ['1E', 1e18],
    ['-1k', -1000],
    ['+2M', 2e6],
    ['100u', 1e-4],
    ['3n', 3e-9],
    ['2Ei', 2 ** 61],
    ['0', 0],
  ])('reads %s as %d', (text, value) => {
    expect(parseQuantity(text)).toBeCloseTo(value, 12);
  });

  it.each(['', 'x', '1 Gi', '1gi', '1KiB', '1e', '--1', '1.2.3', 'NaN', 'm'])(
    'refuses %j',
    (text) => {
      expect(() => parseQuantity(text)).toThrow(
        expect.objectContaining({ code: 'quantity_invalid' }),
      );
    },
  );
});
