import { randomInt } from 'node:crypto';

/** The letters of generated names: no vowels, so that no words arise. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

export function randomSuffix(length = 5): string {
  let suffix = '';
  while (suffix.length < length) suffix += alphabet[randomInt(alphabet.length)];
  return suffix;
}
