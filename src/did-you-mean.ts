import { closest, distance } from 'fastest-levenshtein';
import { say, type Text } from './language/text.ts';

const MOST_NAMED = 12;

/** The candidate that somebody most likely meant, if one is near enough to be worth saying. */
export function nearest(written: string, candidates: Iterable<string>): string | undefined {
  const names = [...candidates];
  if (names.length === 0) return undefined;
  const wanted = written.toLowerCase();
  const best = closest(
    wanted,
    names.map((name) => name.toLowerCase()),
  );
  const found = names.find((name) => name.toLowerCase() === best);
  // About a third of the word may be wrong, so that two swapped letters of four still count: beyond that a guess misleads.
  const isNear = distance(wanted, best) <= Math.floor((wanted.length + 2) / 3);
  const isBeginning = wanted.length >= 3 && best.startsWith(wanted);
  return isNear || isBeginning ? found : undefined;
}

/** A sentence for people: what was probably meant, or else what there is; empty where there is nothing. */
export function suggestion(written: string, candidates: Iterable<string>): Text {
  const names = [...candidates];
  const near = nearest(written, names);
  if (near !== undefined) return say('Did you mean `{near}`?', { near });
  if (names.length === 0) return '';
  const more = names.length > MOST_NAMED ? ['…'] : [];
  return say('Available: {names}.', { names: [...names.slice(0, MOST_NAMED), ...more] });
}

/** In a file's problem: `; did you mean X?`, or the list of what there is, or nothing. Appended to a message. */
export function didYouMean(written: string, candidates: Iterable<string>): string {
  const names = [...candidates];
  const near = nearest(written, names);
  if (near !== undefined) return `; did you mean \`${near}\`?`;
  if (names.length === 0) return '';
  const shown = names.slice(0, MOST_NAMED).join(', ');
  return `; there ${names.length === 1 ? 'is' : 'are'} ${shown}${names.length > MOST_NAMED ? ', …' : ''}`;
}
