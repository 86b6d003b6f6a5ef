import { say, type Text } from '../language/text.ts';
import type { Verdict } from './action.ts';

/** How a verdict is said of a number of things, whether it can be left unread, and what comes first: the smallest. */
interface VerdictFace {
  readonly words: (count: number) => Text;
  readonly rank: number;
  readonly isCalm?: true;
}

const FACES: Readonly<Record<Verdict, VerdictFace>> = {
  never: { rank: 0, words: () => say('can never leave') },
  'needs a decision': {
    rank: 1,
    words: (count) => say('{count, plural, one {needs} other {need}} a decision', { count }),
  },
  waits: {
    rank: 2,
    words: (count) => say('{count, plural, one {waits} other {wait}}', { count }),
  },
  'no room': { rank: 3, words: () => say('no room') },
  'needs a look': {
    rank: 3,
    words: (count) => say('{count, plural, one {needs} other {need}} a look', { count }),
  },
  'leaves by restart': {
    rank: 4,
    isCalm: true,
    words: (count) => say('{count, plural, one {leaves} other {leave}} by restart', { count }),
  },
  'leaves now': {
    rank: 4,
    isCalm: true,
    words: (count) => say('{count, plural, one {leaves} other {leave}} now', { count }),
  },
  'already leaving': { rank: 4, isCalm: true, words: () => say('already leaving') },
  already: { rank: 4, isCalm: true, words: () => say('already so') },
  stays: {
    rank: 4,
    isCalm: true,
    words: (count) => say('{count, plural, one {stays} other {stay}}', { count }),
  },
  ok: { rank: 4, isCalm: true, words: () => say('ok') },
};

export function verdictWords(verdict: Verdict, count: number): Text {
  return FACES[verdict].words(count);
}

/** Whether a person need not read each of its lines. */
export function isCalm(verdict: Verdict): boolean {
  return FACES[verdict].isCalm === true;
}

/** What decides comes first, so that a list that is cut is cut at its calm end. */
export function verdictRank(verdict: Verdict): number {
  return FACES[verdict].rank;
}
