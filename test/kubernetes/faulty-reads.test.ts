import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/demo/cluster/api/fault.ts';
import { Lease } from '../../src/kubernetes/resources/lease.ts';
import { type ClientWorld, startClientWorld } from './client-world.ts';
import { failureOf } from './failure-of.ts';

const lease = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'a', namespace: 'shop' },
  spec: { holderIdentity: 'run-1' },
};
const where = { name: 'a', namespace: 'shop' };

let at: ClientWorld;
beforeEach(async () => {
  at = await startClientWorld([lease]);
});
afterEach(() => at.stop());

const reads = {
  get: () => at.cluster.get(Lease, where),
  find: () => at.cluster.find(Lease, where),
  list: async () => (await at.cluster.list(Lease, { namespace: 'shop' }))[0],
};
const passing: readonly { readonly what: string; readonly fault: Fault }[] = [
  { what: '429', fault: { status: 429 } },
  { what: '429 with Retry-After', fault: { status: 429, retryAfter: 0.05 } },
  { what: '500', fault: { status: 500 } },
  { what: '503', fault: { status: 503 } },
  { what: '502 of a proxy', fault: { html: 502, when: 'before' } },
  { what: 'a reset before', fault: { reset: 'before' } },
  { what: 'a reset after', fault: { reset: 'after' } },
  { what: 'no answer before', fault: { hang: 'before' } },
  { what: 'no answer after', fault: { hang: 'after' } },
  { what: 'an answer cut by the connection', fault: { truncate: 'bytes' } },
  { what: 'an answer cut within its JSON', fault: { truncate: 'json' } },
];

describe.each(Object.entries(reads))('%s', (_name, read) => {
  it.each(passing)('is tried again after $what', async ({ fault }) => {
    at.break(
      () => true,
      (round) => (round <= 2 ? fault : undefined),
    );

    await expect(read()).resolves.toMatchObject({ spec: { holderIdentity: 'run-1' } });
  });
});

describe('a read that never succeeds', () => {
  it.each(passing)('ends with $what after four attempts', async ({ fault }) => {
    at.break(
      () => true,
      () => fault,
    );

    const error = await failureOf(reads.get());

    expect(at.seen).toHaveLength(4);
    expect(error.effectUncertain).toBe(false);
    expect(error.message).toMatch(/^could not get Lease shop\/a in cluster kr: .+; .+/);
  });

  it('gives up within its time, however slow each attempt is', async () => {
    await at.stop();
    at = await startClientWorld([lease], {
      callTimeoutMs: 200,
      readBudgetMs: 300,
      maxAttempts: 50,
    });
    at.break(
      () => true,
      () => ({ hang: 'before' }),
    );
    const began = performance.now();

    await failureOf(reads.get());

    expect(performance.now() - began).toBeLessThan(2_000);
    expect(at.seen.length).toBeLessThan(5);
  });
});

describe('a page for people in place of an answer', () => {
  it.each([200, 403, 502])('is told as that (%i), without what stands on it', async (html) => {
    at.break(
      () => true,
      () => ({ html, when: 'before' }),
    );

    const error = await failureOf(reads.get());

    expect(error.message).toMatch(/web page/);
    expect(inspect(error, { depth: 10 })).not.toMatch(/<|nginx/);
  });

  it('that says success is no passing trouble', async () => {
    at.break(
      () => true,
      () => ({ html: 200, when: 'before' }),
    );

    await failureOf(reads.get());

    expect(at.seen).toHaveLength(1);
  });
});

describe('an error', () => {
  it('holds status, reason, causes and the time to wait', async () => {
    at.break(
      () => true,
      () => ({ status: 503, retryAfter: 60 }),
    );

    await expect(failureOf(reads.get())).resolves.toMatchObject({
      code: 'kubernetes_serviceunavailable',
      status: 503,
      reason: 'ServiceUnavailable',
      causes: [],
      retryAfterMs: 60_000,
    });
  });
});
