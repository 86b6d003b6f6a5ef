import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { APP_ID } from '../web-api/message-shape.ts';
import type { Callback, Reply } from './app-link.ts';

const TYPES = {
  command: 'slash_commands',
  interaction: 'interactive',
  event: 'events_api',
} as const;

const Acknowledgement = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });

/** What of a connection Slack tells with each word of its own. */
const DEBUG_INFO = { host: 'applink-demo', build_number: 1, approximate_connection_time: 18_060 };

interface Delivery {
  /** The how manieth time it is delivered again, and why. */
  readonly number: number;
  readonly reason: string;
  readonly giveUp: AbortSignal;
}

/** One connection of Socket Mode. @see https://docs.slack.dev/apis/events-api/using-socket-mode */
export class SocketLink {
  readonly #connection: WebSocket;
  readonly #waiting = new Map<string, (reply: Reply | undefined) => void>();
  #isLeaving = false;

  constructor(connection: WebSocket) {
    this.#connection = connection;
    connection.on('message', (data) => this.#hear(String(data)));
    connection.on('error', () => undefined); // a close follows
    connection.on('close', () => {
      for (const settle of this.#waiting.values()) settle(undefined);
    });
  }

  /** Whether it takes callbacks. */
  get isReady(): boolean {
    return !this.#isLeaving && this.#connection.readyState === WebSocket.OPEN;
  }

  greet(connections: number): void {
    this.#say({
      type: 'hello',
      num_connections: connections,
      debug_info: DEBUG_INFO,
      connection_info: { app_id: APP_ID },
    });
  }

  /** Undefined where the connection closed before the callback was acknowledged. */
  async deliver({ kind, payload }: Callback, delivery: Delivery): Promise<Reply | undefined> {
    const { number, reason, giveUp } = delivery;
    const envelopeId = randomUUID();
    const { promise, resolve } = Promise.withResolvers<Reply | undefined>();
    const onTimeout = () => resolve({ status: 'timeout' });
    giveUp.addEventListener('abort', onTimeout, { once: true });
    this.#waiting.set(envelopeId, resolve);
    this.#say({
      envelope_id: envelopeId,
      type: TYPES[kind],
      payload,
      accepts_response_payload: kind !== 'event',
      ...((kind === 'event' || number > 0) && { retry_attempt: number, retry_reason: reason }),
    });
    try {
      return await promise;
    } finally {
      this.#waiting.delete(envelopeId);
      giveUp.removeEventListener('abort', onTimeout);
    }
  }

  /** The app is expected to leave, and to open another one; a warning alone ends nothing. */
  disconnect(reason: string): void {
    this.#isLeaving = true;
    this.#say({ type: 'disconnect', reason, debug_info: DEBUG_INFO });
    if (reason === 'link_disabled') this.#connection.close();
  }

  hang(): void {
    this.#connection.pause();
  }

  cut(): void {
    this.#connection.terminate();
  }

  #say(words: object): void {
    this.#connection.send(JSON.stringify(words));
  }

  #hear(text: string): void {
    const { envelope_id, payload } = Acknowledgement.parse(JSON.parse(text));
    this.#waiting.get(envelope_id)?.({ status: 'answered', body: bodyOf(payload) });
  }
}

/** As it would stand in an answer over HTTP; Bolt says nothing with an empty object. */
function bodyOf(payload: unknown = {}): string {
  if (typeof payload === 'string') return payload;
  const body = JSON.stringify(payload);
  return body === '{}' ? '' : body;
}
