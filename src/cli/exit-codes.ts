import { errorCode } from '../errors.ts';

/** It could not be tried. */
const FAILED = 1;
/** It was tried, or looked at, and is not done. Not 2, which shells and their tools use for wrong usage. */
export const NOT_DONE = 3;

export const EXIT_CODES = `
Exit codes:
  0  done, also where nothing had to be
  1  not possible: wrong words or settings, a cluster or database that is away; standard error says why
  ${NOT_DONE}  the run ended otherwise than well, or the plan is blocked; standard output says how`;

export function exitCodeOf(error: unknown): number {
  return errorCode(error) === 'run_not_succeeded' ? NOT_DONE : FAILED;
}
