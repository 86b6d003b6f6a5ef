import type {
  Effect,
  ExecuteContext,
  Mutation,
  PlanContext,
  Progress,
  Told,
} from '../../src/actions/action.ts';
import type { Clock } from '../../src/clock.ts';
import { RunbookError } from '../../src/errors.ts';
import type { JsonObject } from '../../src/json.ts';
import { inEnglish, type Translated, translated } from '../../src/language/translate.ts';
import { effectKey } from '../../src/runs/effects.ts';
import { StepTimeoutError } from '../../src/runs/run-errors.ts';

interface Entry {
  readonly effect: Effect;
  status: 'started' | 'done' | 'refused';
  result: JsonObject;
}

/** What outlives a process: the journal and the timeline of one run. */
export interface Memory {
  readonly journal: Map<string, Entry>;
  readonly told: Map<string, Translated<Told>>;
  readonly progress: Translated<Progress>[];
}

export function emptyMemory(): Memory {
  return { journal: new Map(), told: new Map(), progress: [] };
}

interface Life {
  readonly memory: Memory;
  readonly approved: readonly Effect[];
  readonly undoing?: boolean;
  /** Asked at each checkpoint: whether somebody wants the run to stop. */
  readonly stopped?: () => boolean;
  /** The process dies after this change has had its effect, before that is written down. */
  readonly diesAfter?: (effect: Effect) => boolean;
  readonly runId?: string;
  readonly startedAt?: number;
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

class ProcessDiedError extends RunbookError {
  constructor() {
    super('process_died', 'the process was killed');
  }
}

/** One process's life of a step, against a journal that behaves like the one in Postgres. */
export function executeContext(plan: PlanContext, life: Life): ExecuteContext {
  const { memory, approved } = life;
  const keys = new Set(approved.map(effectKey));
  const runId = life.runId ?? 'run-1';
  const clock = life.clock ?? plan.clock;
  const { timeoutMs = 3_600_000, startedAt = clock.now() } = life;
  let isDead = false;

  async function mutate(mutation: Mutation): Promise<JsonObject> {
    const key = effectKey(mutation.effect);
    if (!life.undoing && !keys.has(key)) {
      throw new RunbookError('effect_not_approved', `${key} was not approved`);
    }
    const found = memory.journal.get(key);
    if (found?.status === 'done') return found.result;
    if (found?.status === 'started') {
      const seen = await mutation.observe(plan.cluster);
      if (seen.happened) return settle(found, seen.result ?? {});
    }
    const entry: Entry = { effect: mutation.effect, status: 'started', result: {} };
    memory.journal.set(key, entry);
    return carryOut(mutation, entry);
  }

  async function carryOut(mutation: Mutation, entry: Entry): Promise<JsonObject> {
    const result = await act(mutation, entry);
    if (!life.diesAfter?.(mutation.effect)) return settle(entry, result);
    isDead = true;
    throw new ProcessDiedError();
  }

  async function act(mutation: Mutation, entry: Entry): Promise<JsonObject> {
    try {
      return await mutation.act(plan.cluster);
    } catch (error) {
      const seen = isUncertain(error) ? await mutation.observe(plan.cluster) : undefined;
      if (seen?.happened) return seen.result ?? {};
      entry.status = 'refused';
      throw error;
    }
  }

  return {
    ...plan,
    clock,
    run: {
      id: runId,
      traceId: `trace-of-${runId}`,
      runbook: 'node-unstable',
      stepId: 'step',
      requester: 'Mina',
      approvedBy: ['Jun'],
    },
    startedAt,
    timeoutMs,
    approved,
    mutate,
    async tell(event) {
      if (!memory.told.has(event.key)) memory.told.set(event.key, translated(event, inEnglish));
    },
    async progress(progress) {
      memory.progress.push(translated(progress, inEnglish));
    },
    async checkpoint() {
      if (isDead) throw new ProcessDiedError();
      if (life.stopped?.()) throw new RunbookError('run_stopped', 'stopped by Mina');
      if (clock.now() > startedAt + timeoutMs) throw new StepTimeoutError('step', timeoutMs);
    },
    signal: new AbortController().signal,
  };
}

function isUncertain(error: unknown): boolean {
  return error instanceof Error && 'effectUncertain' in error && error.effectUncertain === true;
}

function settle(entry: Entry, result: JsonObject): JsonObject {
  entry.status = 'done';
  // As a database would give it back: without what JSON does not know.
  entry.result = JSON.parse(JSON.stringify(result)) as JsonObject;
  return entry.result;
}

/** The texts of the timeline, in order. */
export function toldTexts(memory: Memory): string[] {
  return [...memory.told.values()].map(({ text }) => text);
}
