import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { errorMessage } from '../errors.ts';
import type { Runs } from '../runs/runs.ts';
import { type ProjectorParts, projectRun, runsBehind } from './outbox-projector.ts';
import { type SenderParts, sendNext } from './outbox-sender.ts';
import { anythingUnsent, channelsWithWork } from './outbox-table.ts';

const AFTER_AN_ERROR_MS = 1000;
const AT_ONCE = 8;

export interface Outbox {
  /** Ends what is under way and sends nothing more; what is unsent is sent by the next process. */
  stop(): Promise<void>;
}

export type OutboxParts = Omit<ProjectorParts & SenderParts, 'runs' | 'holder'> & {
  readonly runs: Pick<Runs, 'get' | 'onChange'>;
};

/**
 * Keeps the messages in Slack as the runs want them: writes down what ought to stand after each change, and sends what
 * does not stand yet. Safe to run in many processes at once, and to be killed at any moment.
 */
export async function startOutbox(parts: OutboxParts): Promise<Outbox> {
  const sender = { ...parts, holder: randomUUID() };
  const stopping = new AbortController();
  const changed = new Set<string>();
  const busy = new Map<string, Promise<void>>();
  const bell = createBell();
  const sendBell = createBell();
  const stopListening = await parts.runs.onChange((runId) => {
    changed.add(runId);
    bell.ring();
  });
  let sweptAt = 0;
  const projecting = repeat(stopping.signal, parts.log, async () => {
    const isSweepDue = Date.now() - sweptAt >= parts.pace.sweepMs;
    const behind = isSweepDue ? await runsBehind(parts.database, parts.pace.askAgainMs) : [];
    if (isSweepDue) sweptAt = Date.now();
    const ids = new Set([...changed, ...behind]);
    changed.clear();
    await projectAll(parts, [...ids]);
    if (ids.size > 0) sendBell.ring();
    await bell.wait(parts.pace.sweepMs);
  });
  const sending = repeat(stopping.signal, parts.log, () => sendTurn(sender, busy, sendBell));
  return {
    async stop() {
      stopping.abort();
      await stopListening();
      bell.ring();
      sendBell.ring();
      await Promise.all([projecting, sending]);
      await Promise.all(busy.values());
    },
  };
}

/** A few at once: one that waits for Slack does not hold up all others. */
async function projectAll(parts: OutboxParts, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = ids.slice(from, from + AT_ONCE);
    await Promise.all(some.map((id) => projectQuietly(parts, id)));
  }
}

async function projectQuietly(parts: OutboxParts, runId: string): Promise<void> {
  try {
    await projectRun(parts, runId);
  } catch (error) {
    parts.log.error({ runId, err: error }, 'the messages of a run could not be worked out');
  }
}

/** Sends one message in each channel that has one due; a slow channel does not hold up the others. */
async function sendTurn(
  sender: SenderParts,
  busy: Map<string, Promise<void>>,
  bell: Bell,
): Promise<void> {
  for (const channel of await channelsWithWork(sender.database)) {
    if (busy.has(channel)) continue;
    const sent = sendNext(sender, channel)
      .catch((error: unknown) => {
        sender.log.warn({ channel, reason: errorMessage(error) }, 'sending was interrupted');
      })
      .finally(() => {
        busy.delete(channel);
        bell.ring();
      });
    busy.set(channel, sent);
  }
  const soon = busy.size > 0 || (await anythingUnsent(sender.database));
  await bell.wait(soon ? sender.pace.pollMs : sender.pace.sweepMs);
}

async function repeat(signal: AbortSignal, log: Logger, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      log.warn({ reason: errorMessage(error) }, 'the outbox was interrupted; it goes on');
      await delay(AFTER_AN_ERROR_MS);
    }
  }
}

interface Bell {
  ring(): void;
  /** Resolves when it rings, at the latest after `ms`; at once if it has rung since the last wait. */
  wait(ms: number): Promise<void>;
}

function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait(ms) {
      if (!rung) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = setTimeout(resolve, ms);
        wake = resolve;
        await promise;
        clearTimeout(timer);
      }
      rung = false;
      wake = undefined;
    },
  };
}
