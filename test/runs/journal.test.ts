import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Effect, Mutation } from '../../src/actions/action.ts';
import type { JsonObject } from '../../src/json.ts';
import type { Cluster } from '../../src/kubernetes/kubernetes.ts';
import { Journal } from '../../src/runs/journal.ts';
import { insertRun } from '../../src/runs/run-store.ts';
import { type FreshDatabase, freshDatabase } from '../fresh-database.ts';
import { mina } from './run-world.ts';

let fresh: FreshDatabase;
let count = 0;
let runId: string;
/** The one thing that is changed, and how often that was asked for. */
let lamp: { isOn: boolean; calls: number };

beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

beforeEach(async () => {
  count += 1;
  runId = `r-${count}`;
  lamp = { isOn: false, calls: 0 };
  const about = { runbook: 'light', cluster: 'kr', target: `lamp/${count}`, inputs: {} };
  const asked = { requester: mina, cause: { kind: 'cli', text: 'light' } } as const;
  await fresh.database.transaction((tx) =>
    insertRun(tx, { id: runId, ...about, ...asked, accepted: [], dryRun: false, traceId: 't' }),
  );
});

const effect: Effect = {
  verb: 'light',
  object: { kind: 'Lamp', name: 'lamp', uid: 'uid-lamp' },
  before: { on: false },
  after: { on: true },
  risk: 'reversible',
};

function journal(): Journal {
  const who = { actor: 'handrail', requester: mina.id, approvedBy: [] };
  return new Journal(fresh.database, { runId, traceId: 't', cluster: 'kr', who });
}

function closeOpen(): Promise<void> {
  return fresh.database.transaction((tx) => journal().closeOpen(tx));
}

function carryOut(act: () => Promise<unknown>, observe: Mutation['observe'] = look) {
  const mutation: Mutation = {
    effect,
    async act() {
      lamp.calls += 1;
      return ((await act()) ?? { calls: lamp.calls }) as JsonObject;
    },
    observe,
  };
  // The lamp asks no cluster for anything.
  return journal().carryOut(mutation, {} as Cluster);
}

async function look() {
  return { happened: lamp.isOn, result: { seen: true } };
}

async function told(): Promise<string[]> {
  const rows = await fresh.database.query<{ body: string }>(sql`
    select body from audit_entry where body::jsonb->>'run' = ${runId} order by seq`);
  return rows.map(({ body }) => {
    const { phase, outcome } = JSON.parse(body) as { phase: string; outcome?: string };
    return outcome === undefined ? phase : `${phase}: ${outcome}`;
  });
}

/** A process that is stopped in the middle of its call, and what it comes back to. */
function startPaused(wake: () => void) {
  const calling = Promise.withResolvers<void>();
  const paused = Promise.withResolvers<void>();
  const result = carryOut(async () => {
    lamp.isOn = true;
    calling.resolve();
    await paused.promise;
    wake();
  });
  return { isCalling: calling.promise, goOn: paused.resolve, result };
}

describe('a process that was paused in the middle of a call, while a peer carried on', () => {
  it('tells no second outcome of it', async () => {
    const paused = startPaused(() => {});
    await paused.isCalling;
    expect(await carryOut(async () => {})).toEqual({ seen: true });

    paused.goOn();

    expect(await paused.result).toEqual({ seen: true });
    expect(await told()).toEqual(['intent', 'outcome: done (found after an interruption)']);
  });

  it('takes what the peer did for done, though its own call failed', async () => {
    const paused = startPaused(() => {
      throw new Error('the connection is gone');
    });
    await paused.isCalling;
    await carryOut(async () => {});

    paused.goOn();

    expect(await paused.result).toEqual({ seen: true });
    expect(await told()).toEqual(['intent', 'outcome: done (found after an interruption)']);
    await carryOut(async () => {});
    expect(lamp.calls).toBe(1);
  });

  it('does not close the attempt of the peer when its own call failed', async () => {
    const paused = startPaused(() => {
      throw new Error('the connection is gone');
    });
    await paused.isCalling;
    lamp.isOn = false;
    await carryOut(async () => {
      paused.goOn();
      await expect(paused.result).rejects.toThrow('the connection is gone');
      lamp.isOn = true;
    });

    expect(await told()).toEqual(['intent', 'intent', 'outcome: done']);
    await carryOut(async () => {});
    expect(lamp.calls).toBe(2);
  });
});

describe('a change of which nobody can say whether it happened', () => {
  it('is told as such, thrown as its call threw, and settled by the next look', async () => {
    const lost = Object.assign(new Error('no answer came'), { effectUncertain: true });
    const changing = carryOut(
      async () => {
        lamp.isOn = true;
        throw lost;
      },
      async () => {
        throw new Error('the cluster is away');
      },
    );
    await expect(changing).rejects.toThrow('no answer came');
    expect(await told()).toEqual(['intent', 'outcome: not known: no answer came']);

    await carryOut(async () => {});

    expect(lamp.calls).toBe(1);
    expect((await told()).at(-1)).toBe('outcome: done (found after an interruption)');
  });
});

describe('a change that was made, and whose outcome cannot be written', () => {
  it('is never told as not done', async () => {
    const changing = carryOut(async () => {
      lamp.isOn = true;
      return { whatPostgresCannotHold: '\u0000' };
    });
    await expect(changing).rejects.toThrow('Unicode');
    expect(await told()).toEqual(['intent']);

    await carryOut(async () => {});

    expect(lamp.calls).toBe(1);
    expect((await told()).at(-1)).toBe('outcome: done (found after an interruption)');
  });
});

describe('an intent that nobody came back to', () => {
  it('is told as not known when its run ends, and only once', async () => {
    const never = new Promise<void>(() => {});
    const begun = Promise.withResolvers<void>();
    void carryOut(() => {
      begun.resolve();
      return never;
    });
    await begun.promise;
    expect(await told()).toEqual(['intent']);

    await closeOpen();
    await closeOpen();

    expect(await told()).toEqual([
      'intent',
      'outcome: not known: the run ended and nobody could look whether it had happened',
    ]);
  });

  it('is not made of a change that was told already', async () => {
    await carryOut(async () => undefined);
    await closeOpen();

    expect(await told()).toEqual(['intent', 'outcome: done']);
  });
});
