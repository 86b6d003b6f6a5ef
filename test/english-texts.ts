import { expect } from 'vitest';
import { isMessage } from '../src/language/text.ts';
import { inEnglish } from '../src/language/translate.ts';

/** A text equals its English: `toEqual` and its like may name what a reader sees. */
expect.addEqualityTesters([
  (one: unknown, other: unknown) => {
    if (typeof other === 'string' && isText(one)) return inEnglish(one) === other;
    if (typeof one === 'string' && isText(other)) return inEnglish(other) === one;
    return undefined;
  },
]);

function isText(value: unknown) {
  return typeof value === 'object' && value !== null && isMessage(value);
}
