import sql from 'sql-template-tag';
import type { Effect, Mutation, Observed } from '../actions/action.ts';
import type { AuditFacts } from '../audit/audit-entry.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Database, Transaction } from '../database/database.ts';
import { errorCode, errorMessage } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Cluster } from '../kubernetes/kubernetes.ts';
import { effectKey } from './effects.ts';

/** Who makes the changes, for the audit log. */
export interface JournalScope {
  readonly runId: string;
  readonly traceId: string;
  readonly cluster: string;
  readonly who: AuditFacts['who'];
  /** Throws where the run is no longer this process's: then no intent is written, and nothing is changed. */
  readonly checkOwner?: (tx: Transaction) => Promise<void>;
}

interface JournalRow {
  readonly status: 'started' | 'done' | 'refused' | 'unknown';
  readonly result: JsonObject | null;
}

/**
 * Makes a change exactly once. Its intent is committed first, in the journal and the audit log; if that fails, nothing is
 * done. An intent found open, after a crash or a lost answer, is settled by looking at the world, and the call is
 * made again only if it has not had its effect: every call carries a precondition, so even a late twin does no harm.
 */
export class Journal {
  readonly #database: Database;
  readonly #scope: JournalScope;

  constructor(database: Database, scope: JournalScope) {
    this.#database = database;
    this.#scope = scope;
  }

  async carryOut(mutation: Mutation, cluster: Cluster): Promise<JsonObject> {
    const key = effectKey(mutation.effect);
    const found = await this.#read(key);
    if (found?.status === 'done') return found.result ?? {};
    if (found?.status === 'started') {
      const seen = await mutation.observe(cluster);
      if (seen.happened)
        return this.#settle(
          mutation.effect,
          seen.result ?? {},
          'done (found after an interruption)',
        );
    }
    const attempt = await this.#intend(mutation.effect);
    return this.#call(mutation, cluster, attempt);
  }

  /** The effects whose intents were written, and of which no outcome is known. */
  async open(): Promise<Effect[]> {
    const rows = await this.#database.query<{ effect: Effect }>(sql`
      select effect from journal where run_id = ${this.#scope.runId} and status = 'started' order by started_at`);
    return rows.map(({ effect }) => effect);
  }

  /** What somebody has seen who came back to an open intent, and who will not make the change again. */
  async settleSeen(effect: Effect, { happened, result }: Observed): Promise<void> {
    if (happened) {
      await this.#settle(effect, result ?? {}, 'done (found after an interruption)');
      return;
    }
    await this.#close(effect, { outcome: 'not done: it was interrupted before it had an effect' });
  }

  /**
   * At a run's end: an intent that a crash left open, and that nobody could look at, is told as not known. In the transaction of the end, after which nobody looks any more.
   */
  async closeOpen(tx: Transaction): Promise<void> {
    const open = await tx.query<{ effect: Effect }>(sql`
      update journal set status = 'unknown', settled_at = now()
      where run_id = ${this.#scope.runId} and status = 'started' returning effect`);
    const outcome = 'not known: the run ended and nobody could look whether it had happened';
    for (const { effect } of open) await this.#audit(tx, effect, { phase: 'outcome', outcome });
  }

  /** Only what the call itself throws says anything about the change: what cannot be written of it is looked at later. */
  async #call(mutation: Mutation, cluster: Cluster, attempt: number): Promise<JsonObject> {
    let result: JsonObject;
    try {
      result = await mutation.act(cluster);
    } catch (error) {
      return this.#failed(mutation, cluster, { error, attempt });
    }
    return this.#settle(mutation.effect, result, 'done');
  }

  async #failed(
    mutation: Mutation,
    cluster: Cluster,
    failure: { error: unknown; attempt: number },
  ): Promise<JsonObject> {
    const { effect } = mutation;
    if (errorCode(failure.error) === 'database_unavailable') throw failure.error;
    if (isUncertain(failure.error)) {
      const seen = await mutation.observe(cluster).catch(() => undefined);
      if (seen === undefined) return this.#leaveOpen(effect, failure.error);
      if (seen.happened)
        return this.#settle(effect, seen.result ?? {}, 'done (its answer was lost)');
    }
    const kept = await this.#refuse(effect, failure);
    if (kept === undefined) throw failure.error;
    return kept;
  }

  /** The log says that nobody knows; the row stays open, so that whoever comes next looks again. */
  async #leaveOpen(effect: Effect, error: unknown): Promise<never> {
    const outcome = `not known: ${errorMessage(error)}`;
    await this.#database.transaction((tx) =>
      this.#audit(tx, effect, { phase: 'outcome', outcome }),
    );
    throw error;
  }

  async #read(key: string): Promise<JournalRow | undefined> {
    const [row] = await this.#database.query<JournalRow>(
      sql`select status, result from journal where run_id = ${this.#scope.runId} and key = ${key}`,
    );
    return row;
  }

  /** Returns the number of this attempt. */
  async #intend(effect: Effect): Promise<number> {
    return this.#database.transaction(async (tx) => {
      await this.#scope.checkOwner?.(tx);
      const [row] = await tx.query<{ attempt: number }>(sql`
        insert into journal (run_id, key, status, effect) values (${this.#scope.runId}, ${effectKey(effect)}, 'started', ${JSON.stringify(effect)})
        on conflict (run_id, key) do update set status = 'started', attempt = journal.attempt + 1, started_at = now(), settled_at = null
        returning attempt`);
      await this.#audit(tx, effect, { phase: 'intent' });
      return row?.attempt ?? 1;
    });
  }

  /** A process that was paused, and whose run a peer has carried on, comes to a row that is done: what stands there stays. */
  async #settle(effect: Effect, result: JsonObject, outcome: string): Promise<JsonObject> {
    const closed = await this.#database.transaction(async (tx) => {
      const rows = await tx.query(sql`
        update journal set status = 'done', result = ${JSON.stringify(result)}, settled_at = now()
        where run_id = ${this.#scope.runId} and key = ${effectKey(effect)} and status <> 'done' returning 1`);
      if (rows.length > 0) await this.#audit(tx, effect, { phase: 'outcome', outcome });
      return rows.length > 0;
    });
    return closed ? result : ((await this.#read(effectKey(effect)))?.result ?? {});
  }

  /** Closes this attempt alone. Returns the result where the change was made all the same, by a peer. */
  async #refuse(
    effect: Effect,
    { error, attempt }: { error: unknown; attempt: number },
  ): Promise<JsonObject | undefined> {
    await this.#close(effect, { outcome: `not done: ${errorMessage(error)}`, attempt });
    const now = await this.#read(effectKey(effect));
    return now?.status === 'done' ? (now.result ?? {}) : undefined;
  }

  /** As not done; an attempt that was named, only while it is the last one. */
  async #close(
    effect: Effect,
    { outcome, attempt = null }: { outcome: string; attempt?: number | null },
  ): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const rows = await tx.query(sql`
        update journal set status = 'refused', result = null, settled_at = now()
        where run_id = ${this.#scope.runId} and key = ${effectKey(effect)} and status = 'started'
          and attempt = coalesce(${attempt}::int, attempt) returning 1`);
      if (rows.length > 0) await this.#audit(tx, effect, { phase: 'outcome', outcome });
    });
  }

  async #audit(
    tx: Transaction,
    effect: Effect,
    entry: Pick<AuditFacts, 'phase' | 'outcome'>,
  ): Promise<void> {
    const { runId, traceId, cluster, who } = this.#scope;
    await appendAudit(tx, {
      ...entry,
      who,
      verb: effect.verb,
      resource: effect.object,
      cluster,
      run: runId,
      traceId,
      before: effect.before as AuditFacts['before'],
      after: effect.after as AuditFacts['after'],
    });
  }
}

function isUncertain(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'effectUncertain' in error &&
    error.effectUncertain === true
  );
}
