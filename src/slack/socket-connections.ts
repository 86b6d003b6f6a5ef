import { setTimeout as delay } from 'node:timers/promises';
import { type App, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { errorMessage } from '../errors.ts';
import { boltLogger } from './bolt-logger.ts';
import { SlackSetupError } from './slack-errors.ts';

/** While Slack renews one connection, the other hears. At most ten are allowed per app. */
const CONNECTIONS = 2;
const LONGEST_WAIT_MS = 30_000;
const DISCONNECT_MS = 2000;
/** A connection that ends sooner was none: without a wait it would be asked for again and again. */
const SHORT_LIFE_MS = 1000;

type SocketClient = SocketModeReceiver['client'];

/**
 * Several Socket Mode connections as one receiver. They reconnect by a loop of ours: the library's own waits five seconds
 * before each attempt, and a failed one ends the process.
 */
export class SocketConnections implements Receiver {
  readonly #receivers: readonly SocketModeReceiver[];
  readonly #stopping = new AbortController();
  readonly #log: Logger;
  #loops: Promise<void>[] = [];

  constructor(options: {
    readonly appToken: string;
    readonly slackApiUrl?: string | undefined;
    readonly log: Logger;
  }) {
    this.#log = options.log;
    const { appToken, slackApiUrl } = options;
    this.#receivers = Array.from(
      { length: CONNECTIONS },
      () =>
        new SocketModeReceiver({
          appToken,
          autoReconnectEnabled: false,
          logger: boltLogger(options.log),
          installerOptions: {
            clientOptions: {
              ...(slackApiUrl && { slackApiUrl }),
              timeout: 10_000,
              retryConfig: { retries: 0 },
              rejectRateLimitedCalls: true,
            },
          },
        }),
    );
  }

  init(app: App): void {
    for (const receiver of this.#receivers) receiver.init(app);
  }

  /** @throws SlackSetupError (`slack_setup_invalid`) when no connection can be made at all */
  async start(): Promise<void> {
    const clients = this.#receivers.map((receiver) => receiver.client);
    const gone = clients.map((client) => disconnection(client));
    const tries = await Promise.allSettled(clients.map((client) => client.start()));
    const failures = tries.filter((each) => each.status === 'rejected');
    if (failures.length === tries.length) {
      await this.stop();
      const cause: unknown = failures[0]?.reason;
      throw new SlackSetupError(
        `No Socket Mode connection: ${errorMessage(cause)}. Check SLACK_APP_TOKEN (xapp-…, scope connections:write) and that Socket Mode is on.`,
        { cause },
      );
    }
    this.#loops = clients.map((client, index) => {
      const connected = tries[index]?.status === 'fulfilled';
      return this.#keep(client, connected ? gone[index] : undefined);
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    // a connection that is down already never says that it has ended
    const ended = Promise.all([
      ...this.#receivers.map(({ client }) => client.disconnect()),
      ...this.#loops,
    ]);
    await Promise.race([ended, delay(DISCONNECT_MS, undefined, { ref: false })]);
  }

  async #keep(client: SocketClient, first: Promise<void> | undefined): Promise<void> {
    await first;
    for (let failures = 0; !this.#stopping.signal.aborted; ) {
      const gone = disconnection(client);
      try {
        await client.start();
        const connectedAt = Date.now();
        await gone;
        if (Date.now() - connectedAt < SHORT_LIFE_MS) throw new Error('it ended at once');
        failures = 0;
      } catch (error) {
        failures += 1;
        this.#log.warn({ failures, reason: errorMessage(error) }, 'a connection to Slack is lost');
        const waitMs = Math.min(LONGEST_WAIT_MS, 500 * 2 ** failures);
        await delay(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
      }
    }
  }
}

/** Listens from now on, so that one that comes early is not missed. */
function disconnection(client: SocketClient): Promise<void> {
  return new Promise((resolve) => {
    client.once('disconnected', () => resolve());
  });
}
