import type { Blocker } from '../actions/action.ts';
import { say, sentences, type Text } from '../language/text.ts';
import type { Run, RunEnd } from './run.ts';

/** A run as sentences name it: what is done, to what, where. */
export function runNamed({
  runbookTitle,
  target,
  cluster,
}: Pick<Run, 'runbookTitle' | 'target' | 'cluster'>): Text {
  const where = { title: runbookTitle, target: target.replace('/', ' '), cluster };
  return say('{title}, {target} in {cluster}', where);
}

/** How a run ended, in a word or two. */
export const END_WORDS: Readonly<Record<RunEnd, Text>> = {
  succeeded: say('Succeeded'),
  failed: say('Failed'),
  rejected: say('Rejected'),
  expired: say('Expired'),
  cancelled: say('Cancelled'),
  withdrawn: say('Withdrawn'),
  nothing_to_do: say('Nothing to do'),
  planned: say('Dry run'),
};

/** Why a plan cannot be carried out, and the way out of each reason. */
export function blockedWhy(blockers: readonly Blocker[]): Text {
  return sentences(blockers.flatMap(({ text, wayOut }) => [text, wayOut]));
}

/** Why a step is skipped whose `if` is false. */
export function conditionWords(condition: string): Text {
  return say('its condition does not hold: {condition}', { condition });
}
