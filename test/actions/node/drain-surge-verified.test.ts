import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { koreaSeed } from '../../../src/demo/cluster/seeds/korea.ts';
import { type Evening, startEvening } from './evening.ts';

let evening: Evening;

beforeEach(async () => {
  evening = await startEvening({ seed: koreaSeed(), node: 'kr-a-1' });
});
afterEach(() => evening.stop());

function invoicers() {
  return evening.world
    .list('Pod', 'billing')
    .map((pod) => pod as typeof pod & { spec: { nodeName?: string } });
}

describe('a node with the only pod of a service', () => {
  it('is replaced with the others moved: the pod is not taken for one that stays on it', async () => {
    for (const name of ['node/cordon', 'node/drain']) await evening.plan(name);
    const replace = await evening.plan('node/replace');

    for (const name of ['node/cordon', 'node/drain', 'node/replace']) await evening.execute(name);

    expect(replace.effects).toMatchObject([{ verb: 'replace' }]);
    expect(evening.world.get('Node', 'kr-a-1')).toBeUndefined();
  });

  it('is drained with the pod restarted elsewhere, and verified with its Deployment among the rest', async () => {
    await evening.plan('node/cordon');
    const drain = await evening.plan('node/drain');
    const verify = await evening.plan('node/verify');
    const workloads = new Set(drain.effects.map(({ before }) => before['owner']));

    for (const name of ['node/cordon', 'node/drain']) await evening.execute(name);
    const verified = await evening.execute('node/verify');

    expect(drain.blockers).toEqual([]);
    expect(workloads).toContain('Deployment/invoicer');
    expect(verify.summary).toBe(`verify that ${workloads.size} workloads are back`);
    expect(verified.summary).toBe(`${workloads.size} workloads are back`);
    expect(invoicers()).toMatchObject([
      { spec: { nodeName: expect.not.stringMatching('kr-a-1') } },
    ]);
  });
});
