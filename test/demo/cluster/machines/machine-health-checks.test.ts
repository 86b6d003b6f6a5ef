import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { koreaSeed } from '../../../../src/demo/cluster/seeds.ts';
import {
  deleteOld,
  type MovingWorld,
  machine,
  newMachine,
  patchOld,
  said,
  second,
  startMoving,
  undrained,
} from './moving-world.ts';

let world: MovingWorld;

beforeEach(async () => {
  world = await startMoving(koreaSeed());
});
afterEach(() => world.cluster.stop());

describe('a MachineHealthCheck', () => {
  function check(spec: object): void {
    const selector = { matchLabels: { 'cluster.x-k8s.io/deployment-name': 'workers' } };
    world.cluster.world.apply({
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'MachineHealthCheck',
      metadata: { name: 'workers', namespace: 'capi-system' },
      spec: { clusterName: 'kr', selector, ...spec },
    });
  }

  const unknown = { type: 'Ready', status: 'Unknown', timeoutSeconds: 300 };

  it('has a Machine replaced whose node is not heard of for too long', async () => {
    check({ checks: { unhealthyNodeConditions: [unknown] } });
    world.cluster.world.killKubelet('kr-b-2');
    await world.clock.advance(200 * second);
    const doubted = machine(world);
    await world.clock.advance(200 * second);

    expect(said(doubted, 'HealthCheckSucceeded')).toBe('True HealthCheckSucceeded');
    expect(doubted.metadata.deletionTimestamp).toBeUndefined();
    expect(machine(world)).toBeUndefined();
    expect(newMachine(world).status.phase).toBe('Running');
  });

  it('says why, and that the owner is to see to it', async () => {
    check({ checks: { unhealthyNodeConditions: [unknown] } });
    const finalizers = ['machine.cluster.x-k8s.io', 'example.com/inventory'];
    await patchOld(world, { metadata: { finalizers } });
    world.cluster.world.killKubelet('kr-b-2');
    await world.clock.advance(400 * second);

    expect(said(machine(world), 'HealthCheckSucceeded')).toBe(
      'False UnhealthyNode: Health check failed:\n  * Condition Ready on Node is reporting status Unknown with reason NodeStatusUnknown for more than 5m0s',
    );
    expect(said(machine(world), 'OwnerRemediated')).toBe(
      'False MachineDeleting: Machine is deleting',
    );
  });

  it('tries another Machine when a node has not joined in time', async () => {
    check({ checks: { nodeStartupTimeoutSeconds: 120 } });
    world.cluster.world.setInfrastructure({ arrival: 'never-joins' });
    await deleteOld(world, undrained);
    await world.clock.advance(60 * second);
    const first = newMachine(world).metadata.name;
    await world.clock.advance(120 * second);
    const now = world.names('Machine').filter((name) => name.startsWith('kr-b-'));

    expect(first).toMatch(/^kr-b-4-/);
    expect(now).not.toContain(first);
    expect(now).toHaveLength(3);
  });

  it('does as it is told by an annotation', async () => {
    check({});
    const annotations = { 'cluster.x-k8s.io/remediate-machine': '', ...undrained };
    await patchOld(world, { metadata: { annotations } });
    await world.clock.advance(10 * second);

    expect(machine(world)).toBeUndefined();
    expect(newMachine(world).status.phase).toBe('Running');
  });

  it('leaves all as they are where too many are unhealthy', async () => {
    check({
      checks: { unhealthyNodeConditions: [unknown] },
      remediation: { triggerIf: { unhealthyLessThanOrEqualTo: 1 } },
    });
    world.cluster.world.killKubelet('kr-b-2');
    world.cluster.world.killKubelet('kr-b-3');
    await world.clock.advance(400 * second);

    expect(said(machine(world), 'HealthCheckSucceeded')).toContain('False UnhealthyNode');
    expect(said(machine(world), 'OwnerRemediated')).toBe('nothing');
    expect(machine(world).metadata.deletionTimestamp).toBeUndefined();
  });
});
