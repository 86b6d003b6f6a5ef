import { randomBytes } from 'node:crypto';
import type { WorkspaceState } from '../state.ts';
import { APP_ID, TEAM_ID } from '../web-api/message-shape.ts';
import type { Reply, Transport } from './app-link.ts';
import { VERIFICATION_TOKEN } from './callback-context.ts';

/** Slack: "immediately, after 1 minute, after 5 minutes". */
export const RETRY_DELAYS_MS = [0, 60_000, 300_000];

/** Delivers events to the app, again when it does not answer in time. */
export class EventDelivery {
  readonly #state: WorkspaceState;
  readonly #app: Transport;
  readonly #retryDelaysMs: readonly number[];
  readonly #stopped = new AbortController();

  constructor(state: WorkspaceState, app: Transport, retryDelaysMs: readonly number[]) {
    this.#state = state;
    this.#app = app;
    this.#retryDelaysMs = retryDelaysMs;
  }

  /** Resolves after the first attempt; later ones follow by themselves. */
  async deliver(event: Readonly<Record<string, unknown>>): Promise<void> {
    const payload = this.#envelope(event);
    const reply = await this.#app.send({ kind: 'event', payload });
    if (shouldRetry(reply)) {
      // rejects only when the workspace stops, and then nobody waits
      this.#retry(payload, reasonOf(reply)).catch(() => undefined);
    }
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #retry(payload: Readonly<Record<string, unknown>>, firstReason: string): Promise<void> {
    let reason = firstReason;
    for (const [index, delayMs] of this.#retryDelaysMs.entries()) {
      await this.#state.clock.sleep(delayMs, this.#stopped.signal);
      const retry = { number: index + 1, reason };
      const reply = await this.#app.send({ kind: 'event', payload, retry });
      if (!shouldRetry(reply)) return;
      reason = reasonOf(reply);
    }
  }

  #envelope(event: Readonly<Record<string, unknown>>) {
    return {
      token: VERIFICATION_TOKEN,
      team_id: TEAM_ID,
      api_app_id: APP_ID,
      event,
      type: 'event_callback',
      event_id: `Ev${randomBytes(6).toString('hex').toUpperCase()}`,
      event_time: Math.floor(this.#state.clock.now() / 1000),
      is_ext_shared_channel: false,
      authorizations: [
        {
          enterprise_id: null,
          team_id: TEAM_ID,
          user_id: this.#state.botUser,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
    };
  }
}

function shouldRetry(reply: Reply): boolean {
  return reply.status !== 'answered' && !(reply.status === 'refused' && reply.noRetry);
}

function reasonOf(reply: Reply): string {
  if (reply.status === 'timeout') return 'http_timeout';
  return reply.status === 'refused' ? 'http_error' : 'connection_failed';
}
