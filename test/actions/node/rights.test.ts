import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cordonNode } from '../../../src/actions/node/cordon.ts';
import { Node } from '../../../src/kubernetes/resources/node.ts';
import { node } from '../manifests.ts';
import { mayOnly, READ } from '../may-only.ts';
import { startTestWorld, type TestWorld } from '../test-world.ts';
import { type Evening, startEvening } from './evening.ts';

const PATCH_NODES = { apiGroups: [''], resources: ['nodes'], verbs: ['patch'] };
const EVICT = { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] };
const DELETE_MACHINES = {
  apiGroups: ['cluster.x-k8s.io'],
  resources: ['machines'],
  verbs: ['delete'],
};

describe('the plan of a cordon', () => {
  let test: TestWorld;
  beforeEach(async () => {
    test = await startTestWorld([node('w-1')]);
  });
  afterEach(() => test.stop());
  const plan = () => cordonNode.plan(test.context(), { node: 'w-1', settle: 0 });

  it('tries it without doing it', async () => {
    mayOnly(test.world, READ, PATCH_NODES);

    expect((await plan()).blockers).toEqual([]);
    const { spec, metadata } = await test.cluster.get(Node, { name: 'w-1' });
    expect(spec.unschedulable).toBe(false);
    expect(metadata.annotations).toEqual({});
  });

  it('is blocked where the right is missing, and names it before anybody is asked', async () => {
    mayOnly(test.world, READ);

    const { blockers } = await plan();

    expect(blockers).toMatchObject([
      { code: 'change_denied', text: expect.stringContaining('grant `patch nodes` to kr-admin') },
    ]);
    expect(blockers[0]?.exception).toBeUndefined();
  });
});

describe('the plan of a replacement', () => {
  let test: Evening;
  beforeEach(async () => {
    test = await startEvening();
    await test.plan('node/cordon', {}, { settle: '0s' });
    await test.execute('node/cordon', { input: { settle: '0s' } });
    await test.plan('node/drain');
    await test.execute('node/drain');
  });
  afterEach(() => test.stop());

  it('needs the right to delete Machines, and no more', async () => {
    mayOnly(test.world, READ, DELETE_MACHINES);

    expect((await test.plan('node/replace')).blockers).toEqual([]);
  });

  it('is blocked without it, names it, and offers to keep the machine', async () => {
    mayOnly(test.world, READ, PATCH_NODES, EVICT);

    const { blockers } = await test.plan('node/replace');

    expect(blockers).toMatchObject([
      {
        code: 'machine_refused',
        text: expect.stringMatching(/grant `delete machines\.cluster\.x-k8s\.io` in namespace \S+/),
        exception: 'keep-machine',
      },
    ]);
  });
});
