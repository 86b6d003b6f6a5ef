import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { koreaSeed } from '../../../../src/demo/cluster/seeds.ts';
import { look } from '../client.ts';
import {
  deleteOld,
  type MovingWorld,
  machine,
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

/** So that two of the pods on kr-b-2 may not go. */
function forbidDisruptions(): void {
  const budget = world.cluster.world.get('PodDisruptionBudget', 'api', 'payments');
  if (budget === undefined) throw new Error('the seed has no budget payments/api');
  const spec = { ...(budget.spec as object), minAvailable: 9 };
  world.cluster.world.apply({ ...budget, spec });
}

describe('the deletion of a Machine', () => {
  it('cordons and drains its node, and names the budget that it waits for', async () => {
    forbidDisruptions();
    await world.clock.advance(second);
    await deleteOld(world);
    await world.clock.advance(60 * second);
    const { spec } = look(world.cluster.world.get('Node', 'kr-b-2'));

    expect(spec.unschedulable).toBe(true);
    expect(machine(world).status.phase).toBe('Deleting');
    expect(said(machine(world), 'Deleting')).toMatch(
      /^True DrainingNode: Drain not completed yet \(started at .*\):\n\* Pods payments\/api-\S+, payments\/api-\S+: cannot evict pod as it would violate the pod's disruption budget\. The disruption budget api needs 9 healthy pods and has 3 currently$/,
    );
    expect(said(machine(world), 'Ready')).toContain(
      '* Deleting: Machine deletion in progress, stage: DrainingNode',
    );
  });

  it('ends the drain after its timeout, whatever the budgets say', async () => {
    forbidDisruptions();
    const deletion = { nodeDrainTimeoutSeconds: 30 };
    await patchOld(world, { spec: { deletion } });
    await deleteOld(world);
    await world.clock.advance(20 * second);
    const before = machine(world);
    await world.clock.advance(20 * second);

    expect(said(before, 'Deleting')).toContain('DrainingNode');
    expect(machine(world)).toBeUndefined();
    expect(world.names('Node')).not.toContain('kr-b-2');
  });

  it.each([
    ['pre-drain', 'WaitingForPreDrainHook'],
    ['pre-terminate', 'WaitingForPreTerminateHook'],
  ])('waits for a %s hook until it is taken off', async (which, reason) => {
    const hook = `${which}.delete.hook.machine.cluster.x-k8s.io/backup`;
    await deleteOld(world, { ...undrained, [hook]: 'backup-controller' });
    await world.clock.advance(60 * second);
    const waiting = machine(world);
    await patchOld(world, { metadata: { annotations: { [hook]: null } } });
    await world.clock.advance(10 * second);

    expect(said(waiting, 'Deleting')).toBe(
      `True ${reason}: Waiting for ${which} hooks to succeed (hooks: ${hook})`,
    );
    expect(machine(world)).toBeUndefined();
  });

  it('hangs while the instance does not end', async () => {
    world.cluster.world.setInfrastructure({ departure: 'hangs' });
    await deleteOld(world, undrained);
    await world.clock.advance(60 * second);
    const waiting = machine(world);
    world.cluster.world.setInfrastructure({ departure: 'works' });
    await world.clock.advance(10 * second);

    expect(said(waiting, 'Deleting')).toBe(
      'True WaitingForInfrastructureDeletion: Waiting for SimulatedMachine to be deleted',
    );
    expect(machine(world)).toBeUndefined();
  });

  it('leaves it there while somebody else has a finalizer on it', async () => {
    const finalizers = ['machine.cluster.x-k8s.io', 'example.com/inventory'];
    await patchOld(world, { metadata: { finalizers } });
    await deleteOld(world, undrained);
    await world.clock.advance(60 * second);

    expect(machine(world).metadata.finalizers).toEqual(['example.com/inventory']);
    expect(said(machine(world), 'Deleting')).toBe('True DeletionCompleted: Deletion completed');
    expect(world.names('Node')).not.toContain('kr-b-2');
  });

  it('does not wait for the pods of a node that nobody hears of', async () => {
    for (const { metadata } of world.list('PodDisruptionBudget')) {
      world.cluster.world.remove('PodDisruptionBudget', metadata.name, metadata.namespace);
    }
    world.cluster.world.killKubelet('kr-b-2');
    await world.clock.advance(30 * second);
    await deleteOld(world);
    await world.clock.advance(10 * second);

    expect(machine(world)).toBeUndefined();
  });
});
