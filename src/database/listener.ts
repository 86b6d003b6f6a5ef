import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { errorMessage } from '../errors.ts';
import { isConnectionError } from './connection-errors.ts';
import type { Database } from './database.ts';
import { clientConfig } from './pool.ts';

const RETRY_MS = 250;
/** A server that vanished without a word is noticed by this; until then nothing is heard. */
const HEARTBEAT_MS = 10_000;

type Heard = (payload: string) => void;

/**
 * One connection, made at the first `listen`, for all channels; made again whenever it breaks. What is notified while
 * it is broken is lost, as ever with NOTIFY: whoever must not miss anything also looks at the rows from time to time.
 */
export function createListener(
  url: string,
  log: Logger,
): { listen: Database['listen']; close(): Promise<void> } {
  const channels = new Map<string, Set<Heard>>();
  let connection: Promise<pg.Client | undefined> | undefined;
  let closed = false;

  async function connect(): Promise<pg.Client | undefined> {
    while (!closed) {
      try {
        return await open();
      } catch (error) {
        if (!isConnectionError(error)) log.warn({ err: error }, 'cannot listen to the database');
        await delay(RETRY_MS);
      }
    }
    return undefined;
  }

  async function open(): Promise<pg.Client> {
    const client = new pg.Client({
      ...clientConfig(url, 'handrail listener'),
      query_timeout: HEARTBEAT_MS,
    });
    client.on('error', (error) => log.debug({ reason: error.message }, 'listening broke off'));
    client.on('notification', ({ channel, payload }) => {
      for (const heard of channels.get(channel) ?? []) heard(payload ?? '');
    });
    await client.connect();
    try {
      for (const channel of channels.keys()) await listenOn(client, channel);
    } catch (error) {
      await client.end();
      throw error;
    }
    const heartbeat = setInterval(() => {
      client.query('select 1').catch(() => client.end());
    }, HEARTBEAT_MS);
    client.once('end', () => {
      clearInterval(heartbeat);
      if (!closed) connection = connect();
    });
    return client;
  }

  async function untilListening(channel: string): Promise<void> {
    while (!closed) {
      connection ??= connect();
      const client = await connection;
      try {
        if (client) return await listenOn(client, channel);
      } catch (error) {
        if (!isConnectionError(error)) throw error;
        log.debug({ reason: errorMessage(error) }, 'listening is tried again');
        await delay(RETRY_MS);
      }
    }
  }

  return {
    async listen(channel, heard) {
      const listeners = channels.get(channel) ?? new Set();
      channels.set(channel, listeners.add(heard));
      await untilListening(channel);
      return async () => {
        listeners.delete(heard);
      };
    },
    async close() {
      closed = true;
      const client = await connection;
      await client?.end().catch(() => {});
    },
  };
}

async function listenOn(client: pg.Client, channel: string): Promise<void> {
  await client.query(`listen ${pg.escapeIdentifier(channel)}`);
}
