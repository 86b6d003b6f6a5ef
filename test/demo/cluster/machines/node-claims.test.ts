import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { japanSeed } from '../../../../src/demo/cluster/seeds.ts';
import { look } from '../client.ts';
import { type MovingWorld, said, second, startMoving } from './moving-world.ts';

const claims = '/apis/karpenter.sh/v1/nodeclaims';
let world: MovingWorld;

beforeEach(async () => {
  world = await startMoving(japanSeed());
});
afterEach(() => world.cluster.stop());

function claimOf(node: string) {
  return look(
    world
      .list('NodeClaim')
      .find(({ metadata }) => metadata.annotations?.['simulation/node-name'] === node),
  );
}

async function deleteClaimOf(node: string): Promise<void> {
  await world.call(`DELETE ${claims}/${claimOf(node).metadata.name}`);
}

/** So that nothing that runs keeps the node. */
function forgetBudgets(): void {
  for (const { metadata } of world.list('PodDisruptionBudget')) {
    world.cluster.world.remove('PodDisruptionBudget', metadata.name, metadata.namespace);
  }
}

function eventOf(reason: string, message: RegExp) {
  return world
    .list('Event')
    .find((event) => event['reason'] === reason && message.test(String(event['message'])));
}

describe('a new NodeClaim', () => {
  it('says on its way how far it is, and in the end that it is Ready', async () => {
    forgetBudgets();
    await deleteClaimOf('jp-1');
    await world.clock.advance(20);
    const awaited = claimOf('jp-4');
    await world.clock.advance(60);
    const launched = claimOf('jp-4');
    await world.clock.advance(10 * second);

    expect(said(awaited, 'Launched')).toBe(
      'Unknown AwaitingReconciliation: object is awaiting reconciliation',
    );
    expect(said(launched, 'Launched')).toBe('True Launched');
    expect(said(launched, 'Registered')).toBe(
      'Unknown NodeNotFound: Node not registered with cluster',
    );
    expect(said(launched, 'Ready')).toBe(
      'Unknown ReconcilingDependents: Registered=Unknown, Initialized=Unknown',
    );
    expect(claimOf('jp-4').status.nodeName).toBe('jp-4');
    expect(said(claimOf('jp-4'), 'Ready')).toBe('True Ready');
  });

  it('is given up, and another is made, as long as there is no capacity', async () => {
    forgetBudgets();
    world.cluster.world.setInfrastructure({ arrival: 'no-capacity' });
    await deleteClaimOf('jp-1');
    const tried = new Set<string>();
    for (let look = 0; look < 50; look += 1) {
      await world.clock.advance(20);
      for (const name of world.names('NodeClaim')) tried.add(name);
    }
    const during = world.names('Node');
    world.cluster.world.setInfrastructure({ arrival: 'works' });
    await world.clock.advance(10 * second);

    expect(tried.size).toBeGreaterThan(6);
    expect(tried.size).toBeLessThan(40);
    expect(
      eventOf(
        'InsufficientCapacityError',
        /^NodeClaim \S+ event: creating instance, insufficient capacity, InsufficientInstanceCapacity: /,
      ),
    ).toMatchObject({ type: 'Warning', involvedObject: { kind: 'NodeClaim' } });
    expect(during).toHaveLength(2);
    expect(world.names('Node')).toHaveLength(3);
  });

  it('that the cloud refuses says why, and is given up after five minutes', async () => {
    forgetBudgets();
    world.cluster.world.setInfrastructure({ arrival: 'fails' });
    await deleteClaimOf('jp-1');
    await world.clock.advance(200 * second);
    const first = claimOf('jp-4');
    await world.clock.advance(200 * second);

    expect(said(first, 'Launched')).toMatch(/^Unknown LaunchFailed: creating instance, Unauthor/);
    expect(world.names('NodeClaim')).not.toContain(first.metadata.name);
    expect(world.names('NodeClaim')).toHaveLength(3);
  });

  it('whose node never registers is given up after fifteen minutes', async () => {
    forgetBudgets();
    world.cluster.world.setInfrastructure({ arrival: 'never-joins' });
    await deleteClaimOf('jp-1');
    await world.clock.advance(800 * second);
    const first = claimOf('jp-4');
    await world.clock.advance(200 * second);

    expect(said(first, 'Launched')).toBe('True Launched');
    expect(said(first, 'Registered')).toContain('Unknown NodeNotFound');
    expect(world.names('NodeClaim')).not.toContain(first.metadata.name);
    expect(world.names('NodeClaim')).toHaveLength(3);
  });

  it('whose node is never Ready stays registered, and not initialized', async () => {
    forgetBudgets();
    world.cluster.world.setInfrastructure({ arrival: 'never-ready' });
    await deleteClaimOf('jp-1');
    await world.clock.advance(1000 * second);

    expect(said(claimOf('jp-4'), 'Registered')).toBe('True Registered');
    expect(said(claimOf('jp-4'), 'Initialized')).toBe(
      'Unknown NodeNotReady: Node status is NotReady',
    );
  });

  it('stays Initialized when its node turns NotReady later', async () => {
    world.cluster.world.killKubelet('jp-1');
    await world.clock.advance(60 * second);

    expect(said(world.cluster.world.get('Node', 'jp-1'), 'Ready')).toContain('Unknown');
    expect(said(claimOf('jp-1'), 'Initialized')).toBe('True Initialized');
  });
});

describe('the end of a NodeClaim', () => {
  /** A pod of the node that its budget never lets go, or that is marked. */
  function protect(by: 'budget' | 'mark'): void {
    const pod = world
      .list('Pod')
      .find(
        ({ spec, metadata }) =>
          look(spec).nodeName === 'jp-1' && metadata.namespace === 'incidents',
      );
    if (pod === undefined) throw new Error('no pod of incidents on jp-1');
    forgetBudgets();
    if (by === 'budget') {
      const { namespace, labels } = pod.metadata;
      world.cluster.world.apply({
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'never', namespace },
        spec: { maxUnavailable: 0, selector: { matchLabels: { app: labels?.['app'] } } },
      });
      return;
    }
    const annotations = { ...pod.metadata.annotations, 'karpenter.sh/do-not-disrupt': 'true' };
    world.cluster.world.apply({ ...pod, metadata: { ...pod.metadata, annotations } });
  }

  it.each(['budget', 'mark'] as const)('waits for a pod with a %s, and says so', async (by) => {
    protect(by);
    await world.clock.advance(second);
    await deleteClaimOf('jp-1');
    await world.clock.advance(100 * second);
    const node = look(world.cluster.world.get('Node', 'jp-1'));

    expect(said(claimOf('jp-1'), 'Drained')).toBe('Unknown Draining: Draining');
    expect(node.metadata.deletionTimestamp).toBeDefined();
    expect(node.spec.taints).toMatchObject([
      { key: 'karpenter.sh/disrupted', effect: 'NoSchedule' },
    ]);
    expect(
      eventOf('FailedDraining', /^Failed to drain node, 1 pods are waiting to be evicted$/),
    ).toMatchObject({ type: 'Warning', involvedObject: { kind: 'Node', name: 'jp-1' } });
  });

  it('hangs while the instance does not end', async () => {
    forgetBudgets();
    world.cluster.world.setInfrastructure({ departure: 'hangs' });
    await deleteClaimOf('jp-1');
    await world.clock.advance(100 * second);
    const hanging = claimOf('jp-1');
    world.cluster.world.setInfrastructure({ departure: 'works' });
    await world.clock.advance(10 * second);

    for (const type of ['Drained', 'VolumesDetached', 'InstanceTerminating']) {
      expect(said(hanging, type)).toBe(`True ${type}`);
    }
    expect(world.names('NodeClaim')).not.toContain(hanging.metadata.name);
    expect(world.names('Node')).not.toContain('jp-1');
  });

  it('begins when its Node is deleted', async () => {
    forgetBudgets();
    const before = claimOf('jp-1').metadata.name;
    await world.call('DELETE /api/v1/nodes/jp-1');
    await world.clock.advance(20 * second);

    expect(world.names('NodeClaim')).not.toContain(before);
    expect(world.names('Node')).toEqual(['jp-2', 'jp-3', 'jp-4']);
  });
});
