import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import { SlackApiError } from '../web-api/api-error.ts';

/** Slack: "your app must respond within 3 seconds" and each id opens one view. */
const TRIGGER_LIFE_MS = 3000;

interface Trigger {
  readonly user: string;
  issuedAt: number;
  /** The modal in which the person acted, on which views.push puts another. */
  readonly viewId: string | undefined;
  used: boolean;
}

/** The short-lived ids that allow an app to open a view in answer to what a person did. */
export class TriggerIds {
  readonly #clock: Clock;
  readonly #triggers = new Map<string, Trigger>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(user: string, viewId?: string): string {
    this.#forgetOld();
    const id = `${this.#clock.now()}.${randomBytes(6).toString('hex')}`;
    this.#triggers.set(id, { user, viewId, issuedAt: this.#clock.now(), used: false });
    return id;
  }

  /**
   * Uses the id up.
   * @throws SlackApiError `expired_trigger_id`, `exchanged_trigger_id`, `invalid_trigger_id`
   */
  exchange(id: string): { user: string; viewId: string | undefined } {
    const trigger = this.#triggers.get(id);
    if (!trigger) throw new SlackApiError('invalid_trigger_id');
    if (trigger.used) throw new SlackApiError('exchanged_trigger_id');
    if (this.#clock.now() - trigger.issuedAt > TRIGGER_LIFE_MS) {
      throw new SlackApiError('expired_trigger_id');
    }
    trigger.used = true;
    return { user: trigger.user, viewId: trigger.viewId };
  }

  expireAll(): void {
    for (const trigger of this.#triggers.values()) trigger.issuedAt -= TRIGGER_LIFE_MS + 1;
  }

  /** An hour's worth is kept so that a late caller is told `expired` rather than `invalid`. */
  #forgetOld(): void {
    for (const [id, trigger] of this.#triggers) {
      if (this.#clock.now() - trigger.issuedAt < 3_600_000) return;
      this.#triggers.delete(id);
    }
  }
}
