import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuantity } from '../../src/actions/quantity.ts';

const SUFFIXES = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
} as const;
const BINARY = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 } as const;
type Decimal = keyof typeof SUFFIXES;
type Binary = keyof typeof BINARY;

const sign = fc.constantFrom('', '-', '+');
const whole = fc.nat({ max: 999_999 });
const fraction = fc.option(fc.stringMatching(/^[0-9]{0,6}$/));
const number = fc
  .tuple(sign, whole, fraction)
  .map(([before, digits, after]) => `${before}${digits}${after === null ? '' : `.${after}`}`);
const decimal = fc.constantFrom(...(Object.keys(SUFFIXES) as Decimal[]));
const binary = fc.constantFrom(...(Object.keys(BINARY) as Binary[]));

function isClose(value: number, expected: number): boolean {
  return Math.abs(value - expected) <= Math.abs(expected) * 1e-12;
}

describe('a quantity', () => {
  it('is its number times its decimal suffix, which is a power of ten', () => {
    fc.assert(
      fc.property(number, decimal, (text, suffix) => {
        const power = `${Number(text)}e${SUFFIXES[suffix]}`;
        expect(isClose(parseQuantity(text + suffix), Number(power))).toBe(true);
      }),
    );
  });

  it('is the same with an exponent in the place of the suffix', () => {
    fc.assert(
      fc.property(number, decimal, fc.constantFrom('e', 'E'), (text, suffix, letter) => {
        const exponent = `${text}${letter}${SUFFIXES[suffix]}`;
        expect(isClose(parseQuantity(exponent), parseQuantity(text + suffix))).toBe(true);
      }),
    );
  });

  it('is its number times a power of 1024 with a binary suffix', () => {
    fc.assert(
      fc.property(number, binary, (text, suffix) => {
        expect(parseQuantity(text + suffix)).toBe(Number(text) * 1024 ** BINARY[suffix]);
      }),
    );
  });

  it('keeps its order under any suffix', () => {
    fc.assert(
      fc.property(whole, whole, fc.oneof(decimal, binary), (one, other, suffix) => {
        const [a, b] = [parseQuantity(`${one}${suffix}`), parseQuantity(`${other}${suffix}`)];
        expect(Math.sign(a - b)).toBe(Math.sign(one - other));
      }),
    );
  });

  it('is any text that has the form of one, and no other', () => {
    const pieces = fc.constantFrom(
      '1',
      '0',
      '.',
      'e',
      'E',
      '+',
      '-',
      'm',
      'k',
      'Ki',
      'i',
      ' ',
      'x',
    );
    const form = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/;
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 6 }), (parts) => {
        const text = parts.join('');
        const read = () => parseQuantity(text);
        if (form.test(text)) expect(Number.isFinite(read())).toBe(true);
        else expect(read).toThrow(expect.objectContaining({ code: 'quantity_invalid' }));
      }),
    );
  });
});
