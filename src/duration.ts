import { z } from 'zod';

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** One or more of number and unit, such as `30s`, `5m`, `1h30m`, `2d`. */
const DURATION = /^(?:[0-9]{1,9}(?:ms|s|m|h|d))+$/;
/** Node's timers fire at once beyond 2^31 ms, which is a little more. */
const LONGEST_MS = 24 * 86_400_000;
const PART = /([0-9]+)(ms|s|m|h|d)/g;

/** Milliseconds, or undefined where the text is no duration. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) {
    total += Number(amount) * (UNITS[unit ?? ''] ?? 0);
  }
  return total;
}

/**
 * A duration as written in our files: text in, milliseconds out.
 * Own instead of the `ms` package: that one takes a bare number and signs, and has no pattern for the JSON Schema.
 */
export const Duration = z
  .string()
  .regex(DURATION, { error: 'expected a duration such as 30s, 5m, 1h30m or 2d' })
  .transform((text) => parseDuration(text) ?? 0)
  .refine((ms) => ms <= LONGEST_MS, { error: 'at most 24d' });

/** One that must last: none at all would be over before it began. */
export const LastingDuration = Duration.refine((ms) => ms > 0, { error: 'must be longer than 0' });
