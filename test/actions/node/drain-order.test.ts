import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drainOrder } from '../../../src/actions/node/drain-order.ts';
import { evictEffect } from '../../../src/actions/node/evict-effect.ts';
import { Pod } from '../../../src/kubernetes/resources/pod.ts';
import { deployment, statefulSet } from '../manifests.ts';
import { isReady } from '../test-world.ts';
import { type DrainWorld, startDrainWorld } from './drain-world.ts';

/** A pod on the node as the plan sees it: `kind/owner pod`, in namespace web unless it says otherwise. */
function onNode(text: string, spec: object = {}) {
  const [keeper = '', path = ''] = text.split(' ');
  const [kind = '', owner = ''] = keeper.split('/');
  const [name = '', namespace = 'web'] = path.split('/').toReversed();
  const controlledBy = { apiVersion: 'apps/v1', kind, name: owner, uid: owner, controller: true };
  const metadata = { name, namespace, uid: path, ownerReferences: [controlledBy] };
  return {
    pod: Pod.schema.parse({ metadata, spec }),
    owner: { ...controlledBy, namespace, missing: false },
    budgets: [],
    localVolumes: [],
  };
}

/** Tiers of groups of names. */
function orderOf(pods: readonly ReturnType<typeof onNode>[]): string[][][] {
  const tiers = drainOrder(pods.map(evictEffect), {
    pods: pods.map(({ pod }) => pod),
    criticalNamespaces: ['kube-system'],
  });
  return tiers.map((groups) => groups.map((group) => group.map(({ object }) => object.name)));
}

describe('the order of a drain', () => {
  it('is: what is not critical, then StatefulSets, then what is critical by class or namespace', () => {
    const tiers = orderOf([
      onNode('ReplicaSet/dns kube-system/dns'),
      onNode('ReplicaSet/net net', { priorityClassName: 'system-node-critical' }),
      onNode('ReplicaSet/top top', { priorityClassName: 'system-cluster-critical' }),
      onNode('StatefulSet/db db-0'),
      onNode('ReplicaSet/api api'),
      onNode('ReplicaSet/gold gold', { priorityClassName: 'gold' }),
    ]);
    expect(tiers).toEqual([[['api'], ['gold']], [['db-0']], [['dns'], ['net'], ['top']]]);
  });

  it('is within a tier by priority, the lowest first, then by namespace and name', () => {
    const [tier] = orderOf([
      onNode('ReplicaSet/c c', { priority: 1000 }),
      onNode('ReplicaSet/b b'),
      onNode('ReplicaSet/z shop/z'),
      onNode('ReplicaSet/a a', { priority: -10 }),
    ]);
    expect(tier).toEqual([['a'], ['z'], ['b'], ['c']]);
  });

  it('has the pods of one StatefulSet in one row, the highest ordinal first, by number', () => {
    const names = ['db-9', 'db-10', 'db-2'].map((name) => onNode(`StatefulSet/db ${name}`));
    expect(orderOf(names)).toEqual([[['db-10', 'db-9', 'db-2']]]);
  });

  it('has the pods of one Deployment in one row, so that they leave one after the other', () => {
    const pods = ['api-x', 'api-y'].map((name) => onNode(`Deployment/api ${name}`));
    expect(orderOf([...pods, onNode('Deployment/web web-z')])).toEqual([
      [['api-x', 'api-y'], ['web-z']],
    ]);
  });
});

describe('a drain, tier by tier', () => {
  let test: DrainWorld;

  beforeEach(async () => {
    test = await startDrainWorld();
  });
  afterEach(() => test.stop());

  function ready(app: string): number {
    const pods = test.world.list('Pod', 'web').map((pod) => Pod.schema.parse(pod));
    return pods.filter((pod) => pod.metadata.labels['app'] === app && isReady(pod)).length;
  }

  it('takes StatefulSet pods last and from the highest ordinal, and critical ones after them', async () => {
    await test.place('w-1', [
      statefulSet('db', { replicas: 2 }),
      deployment('api', { pod: { priority: 10 } }),
      deployment('low', { pod: { priority: 1 } }),
      deployment('crit', { pod: { priorityClassName: 'system-cluster-critical' } }),
    ]);
    const effects = await test.planned();
    const names = new Map(effects.map(({ object }) => [object.uid, object.name]));
    await test.drain(effects, { input: { maxParallel: 1 } });
    const order = test
      .evictedUids()
      .map((uid) => (names.get(uid) ?? '').replace(/-[a-z0-9]+-[a-z0-9]+$/, ''));
    expect(order).toEqual(['low', 'api', 'db-1', 'db-0', 'crit']);
  });

  it('takes the pods of a StatefulSet one by one: the next when the one before is Ready again', async () => {
    await test.place('w-1', [statefulSet('db', { replicas: 3 })]);
    const effects = await test.planned();
    const standing: number[] = [];
    test.world.faults = [
      ({ path, dryRun }) => {
        if (path.endsWith('/eviction') && !dryRun) standing.push(ready('db'));
        return undefined;
      },
    ];
    await test.drain(effects, { input: { maxParallel: 5 } });
    expect(standing).toEqual([3, 3, 3]);
    expect(await test.podsOn('w-1')).toEqual([]);
  });
});
