import { closest, distance } from 'fastest-levenshtein';

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

/** `; did you mean X?`, or the list of what there is, or nothing. Appended to a message. */
export function didYouMean(written: string, candidates: Iterable<string>): string {
  const names = [...candidates];
  const near = nearest(written, names);
  if (near !== undefined) return `; did you mean \`${near}\`?`;
  if (names.length === 0) return '';
  const shown = names.slice(0, 12).join(', ');
  return `; there ${names.length === 1 ? 'is' : 'are'} ${shown}${names.length > 12 ? ', …' : ''}`;
}
