import type { Logger } from 'pino';
import sql from 'sql-template-tag';
import type { Database } from '../database/database.ts';
import { desertedExecutors } from './dbos-tables.ts';

export interface ExecutorOptions {
  readonly database: Database;
  readonly executorId: string;
  readonly version: string;
  readonly beatMs: number;
  readonly staleAfterMs: number;
  readonly log: Logger;
  /** Puts the unfinished runs of these executors up for whoever is free. Several peers may do so at once. */
  recover(executorIds: string[]): Promise<unknown>;
}

/** Says that this process lives, and looks for processes that do not. */
export interface Executors {
  beat(): Promise<void>;
  /** Beats, and looks, from now on. */
  start(): void;
  /** Says that this process lives no longer: its runs need not wait for its beat to grow stale. */
  leave(): Promise<void>;
}

export function createExecutors(options: ExecutorOptions): Executors {
  const { database, executorId, version, log } = options;
  let timer: NodeJS.Timeout | undefined;
  let turn = Promise.resolve();
  let left = false;

  async function beat(): Promise<void> {
    await database.query(sql`
      insert into executor (id, application_version) values (${executorId}, ${version})
      on conflict (id) do update set beat_at = now(), application_version = excluded.application_version`);
  }

  async function takeTurn(): Promise<void> {
    try {
      await beat();
      const deserted = await desertedExecutors(database, options);
      if (deserted.length > 0) {
        log.warn({ executors: deserted }, 'taking over the runs of executors that are gone');
        await options.recover(deserted);
      }
    } catch (error) {
      log.warn({ err: error }, 'this executor could not say that it lives');
    }
    schedule();
  }

  function schedule(): void {
    if (left) return;
    timer = setTimeout(() => {
      turn = takeTurn();
    }, options.beatMs);
  }

  return {
    beat,
    start: schedule,
    async leave() {
      left = true;
      clearTimeout(timer);
      await turn;
      await database.query(sql`
        delete from executor where id = ${executorId} or beat_at < now() - interval '1 day'`);
    },
  };
}
