import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { SlackError } from '@slack/web-api';
import { RunbookError } from '../../errors.ts';
import { giveBackDelivery, takeDelivery } from '../deliveries.ts';
import { faultAnswer, plainAnswer } from '../messages/private-answer.ts';
import { failureText } from '../slack-failure.ts';
import type { ListenerParts } from './listener-parts.ts';
import type { Tell } from './tell.ts';

/** Errors after which nothing has been done, and the same delivery may well succeed later. */
const PASSING = ['database_unavailable'];
/** A commit whose answer was lost may have counted; doing it twice does no harm. */
const PERHAPS_NOT_TAKEN =
  'What you asked for was most likely not taken: wait a moment, and do it once more.';

/** A person waits for this long before they do it again. Nothing has been done by then, and nothing will be. */
const PATIENCE_MS = 2500;
const NOT_TAKEN =
  'The database does not answer, so what you asked for was not taken. Wait a moment, and do it once more.';

/**
 * Does the work of one delivery once, however often Slack repeats it. What goes wrong is told to the person; nothing is
 * thrown, as Slack has had its acknowledgement.
 */
export async function once(
  parts: ListenerParts,
  delivery: { readonly id: string; readonly tell: Tell },
  work: () => Promise<void>,
): Promise<void> {
  try {
    const taken = await takeInTime(parts, delivery.id);
    if (taken === 'late') await delivery.tell(plainAnswer(NOT_TAKEN));
    else if (taken) await work();
  } catch (error) {
    await explain(parts, delivery, error);
  }
}

async function takeInTime({ database, log }: ListenerParts, id: string): Promise<boolean | 'late'> {
  const taking = takeDelivery(database, id);
  const taken = await Promise.race([taking, delay(PATIENCE_MS, 'late' as const, { ref: false })]);
  if (taken === 'late') {
    taking
      .then((late) => (late ? giveBackDelivery(database, id) : undefined))
      .catch((cause: unknown) =>
        log.warn({ delivery: id, err: cause }, 'a delivery was not taken'),
      );
  }
  return taken;
}

async function explain(
  { database, log }: ListenerParts,
  { id, tell }: { readonly id: string; readonly tell: Tell },
  error: unknown,
): Promise<void> {
  if (error instanceof RunbookError) {
    log.info({ delivery: id, code: error.code }, 'refused');
    if (!PASSING.includes(error.code)) await tell(plainAnswer(error.message));
    else {
      await tell(plainAnswer(`${error.message}. ${PERHAPS_NOT_TAKEN}`));
      await giveBackDelivery(database, id).catch((cause: unknown) =>
        log.warn({ delivery: id, err: cause }, 'a delivery could not be given back'),
      );
    }
    return;
  }
  if (error instanceof SlackError) {
    log.warn({ delivery: id, reason: failureText(error) }, 'Slack did not take what was shown');
    await tell(plainAnswer('Slack did not show that just now. Press it, or type it, once more.'));
    return;
  }
  const reference = randomBytes(4).toString('hex');
  log.error({ delivery: id, reference, err: error }, 'a listener failed');
  await tell(faultAnswer(reference));
}
