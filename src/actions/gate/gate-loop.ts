import { RunbookError } from '../../errors.ts';
import type { ExecuteContext, StepOutcome } from '../action.ts';
import { durationInWords } from '../words.ts';

/** One look through a gate. */
export interface Look {
  readonly open: boolean;
  /** What was seen: `answered 503, expected 200`. */
  readonly seen: string;
}

interface GateRule {
  /** What is asked, as a sentence begins: `GET https://…`. */
  readonly asks: string;
  readonly consecutive: number;
  /** Milliseconds. */
  readonly interval: number;
  /** Milliseconds. */
  readonly timeout: number;
}

class GateClosedError extends RunbookError {
  constructor(asks: string, { waited, seen }: { waited: number; seen: string }) {
    super(
      'gate_closed',
      `${asks} did not hold within ${durationInWords(waited)}: last ${seen}; look at what it measures`,
      { data: { asks, waited, seen } },
    );
  }
}

/**
 * Looks again and again until it held so many times in a row.
 * @throws GateClosedError (`gate_closed`)
 */
export async function awaitGate(
  context: ExecuteContext,
  rule: GateRule,
  look: (signal: AbortSignal) => Promise<Look>,
): Promise<StepOutcome> {
  const since = context.clock.now();
  let held = 0;
  for (;;) {
    await context.checkpoint();
    const { open, seen } = await look(context.signal);
    held = open ? held + 1 : 0;
    if (held >= rule.consecutive) {
      return { summary: `${rule.asks} held ${held} times in a row: ${seen}`, changed: false };
    }
    const waited = context.clock.now() - since;
    if (waited > rule.timeout) throw new GateClosedError(rule.asks, { waited, seen });
    await context.progress({
      done: held,
      total: rule.consecutive,
      unit: 'times in a row',
      waiting: seen,
    });
    await context.clock.sleep(rule.interval, context.signal);
  }
}
