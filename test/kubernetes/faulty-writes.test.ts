import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/demo/cluster/api/fault.ts';
import { Lease } from '../../src/kubernetes/resources/lease.ts';
import { Node } from '../../src/kubernetes/resources/node.ts';
import { type ClientWorld, startClientWorld } from './client-world.ts';
import { failureOf } from './failure-of.ts';

const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } };
const lease = { metadata: { name: 'a', namespace: 'shop' }, spec: { holderIdentity: 'run-1' } };

let at: ClientWorld;
beforeEach(async () => {
  at = await startClientWorld([
    node,
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  ]);
});
afterEach(() => at.stop());

/** Each with whether it has happened. */
const writes = {
  create: {
    act: () => at.cluster.create(Lease, lease),
    happened: () => at.world.get('Lease', 'a', 'shop') !== undefined,
  },
  patch: {
    act: () =>
      at.cluster.patch(
        Node,
        { name: 'n' },
        { patch: { type: 'merge', body: { spec: { unschedulable: true } } } },
      ),
    happened: () => JSON.stringify(at.world.get('Node', 'n')).includes('"unschedulable":true'),
  },
  delete: {
    act: () => {
      const uid = at.world.get('Node', 'n')?.metadata.uid ?? '';
      return at.cluster.delete(Node, { name: 'n', uid });
    },
    happened: () => at.world.get('Node', 'n') === undefined,
  },
};

interface Case {
  readonly what: string;
  readonly fault: Fault;
  readonly happened: boolean;
  readonly uncertain: boolean;
}
const cases: readonly Case[] = [
  { what: '429', fault: { status: 429, retryAfter: 1 }, happened: false, uncertain: false },
  { what: '403', fault: { status: 403 }, happened: false, uncertain: false },
  { what: '500', fault: { status: 500 }, happened: false, uncertain: true },
  { what: '503', fault: { status: 503 }, happened: false, uncertain: true },
  {
    what: '502 of a proxy before',
    fault: { html: 502, when: 'before' },
    happened: false,
    uncertain: true,
  },
  {
    what: '504 of a proxy after',
    fault: { html: 504, when: 'after' },
    happened: true,
    uncertain: true,
  },
  {
    what: 'a sign-in page',
    fault: { html: 200, when: 'before' },
    happened: false,
    uncertain: true,
  },
  { what: 'a reset before', fault: { reset: 'before' }, happened: false, uncertain: true },
  { what: 'a reset after', fault: { reset: 'after' }, happened: true, uncertain: true },
  { what: 'no answer before', fault: { hang: 'before' }, happened: false, uncertain: true },
  { what: 'no answer after', fault: { hang: 'after' }, happened: true, uncertain: true },
  { what: 'a cut connection', fault: { truncate: 'bytes' }, happened: true, uncertain: true },
  { what: 'cut JSON', fault: { truncate: 'json' }, happened: true, uncertain: true },
];

describe.each(Object.entries(writes))('%s', (_name, write) => {
  it.each(cases)('is sent once: $what', async ({ fault, happened, uncertain }) => {
    at.break(
      ({ method }) => method !== 'GET',
      () => fault,
    );

    const error = await failureOf(write.act());

    expect(at.seen.filter(({ method }) => method !== 'GET')).toHaveLength(1);
    expect(write.happened()).toBe(happened);
    expect(error.effectUncertain).toBe(uncertain);
    expect(error.message.includes('may have been carried out all the same')).toBe(uncertain);
  });
});

describe('a dry run', () => {
  it.each(cases)('leaves no doubt: $what', async ({ fault }) => {
    at.break(
      ({ dryRun }) => dryRun,
      () => fault,
    );

    const error = await failureOf(at.cluster.create(Lease, lease, { dryRun: true }));

    expect(error.effectUncertain).toBe(false);
    expect(at.world.get('Lease', 'a', 'shop')).toBeUndefined();
  });
});
