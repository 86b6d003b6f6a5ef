import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { koreaSeed } from '../../../../src/demo/cluster/seeds.ts';
import { look } from '../client.ts';
import {
  deleteOld,
  type MovingWorld,
  newMachine,
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

const noCapacity =
  'failed to create instance: InsufficientInstanceCapacity: We currently do not have sufficient capacity in the Availability Zone you requested (ap-northeast-2b).';

describe('a new Machine', () => {
  it('says on its way what it waits for, and in the end that all is well', async () => {
    await deleteOld(world, undrained);
    await world.clock.advance(10);
    const provisioning = newMachine(world);
    await world.clock.advance(70);
    const provisioned = newMachine(world);
    await world.clock.advance(2 * second);
    const running = newMachine(world);

    expect(provisioning.spec.providerID).toBeUndefined();
    expect(provisioning.status.phase).toBe('Provisioning');
    expect(said(provisioning, 'InfrastructureReady')).toBe(
      'False NotReady: SimulatedMachine status.initialization.provisioned is false',
    );
    expect(said(provisioning, 'NodeHealthy')).toBe(
      'Unknown InspectionFailed: Waiting for SimulatedMachine to report spec.providerID',
    );
    expect(provisioned.status.phase).toBe('Provisioned');
    expect(said(provisioned, 'NodeHealthy')).toBe(
      'Unknown InspectionFailed: Waiting for a Node with spec.providerID simulated:///ap-northeast-2b/kr-b-4 to exist',
    );
    expect(said(provisioned, 'Ready')).toContain('Unknown ReadyUnknown: * NodeHealthy: Waiting');
    expect(running.status).toMatchObject({ phase: 'Running', nodeRef: { name: 'kr-b-4' } });
    for (const type of ['Available', 'Ready', 'InfrastructureReady']) {
      expect(said(running, type)).toMatch(/^True (Available|Ready)$/);
    }
    expect(said(running, 'NodeHealthy')).toBe('True NodeHealthy');
    expect(said(running, 'Deleting')).toBe('False NotDeleting');
  });

  it('stays Provisioning while there is no capacity, and comes when there is', async () => {
    world.cluster.world.setInfrastructure({ arrival: 'no-capacity' });
    await deleteOld(world, undrained);
    await world.clock.advance(60 * second);
    const stuck = newMachine(world);
    const set = look(world.cluster.world.get('MachineSet', 'workers-c9x5d', 'capi-system'));
    world.cluster.world.setInfrastructure({ arrival: 'works' });
    await world.clock.advance(5 * second);

    expect(stuck.status.phase).toBe('Provisioning');
    expect(said(stuck, 'InfrastructureReady')).toBe(`False InstanceProvisionFailed: ${noCapacity}`);
    expect(said(stuck, 'Ready')).toContain(`* InfrastructureReady: ${noCapacity}`);
    expect(set.status).toMatchObject({ replicas: 5, readyReplicas: 4 });
    expect(newMachine(world).status.phase).toBe('Running');
  });

  it('that fails for good says so where v1beta2 keeps what v1beta1 had', async () => {
    world.cluster.world.setInfrastructure({ arrival: 'fails' });
    await deleteOld(world, undrained);
    await world.clock.advance(60 * second);
    const { status } = newMachine(world);

    expect(status.phase).toBe('Failed');
    expect(status.failureReason).toBeUndefined();
    expect(status.deprecated.v1beta1).toEqual({
      failureReason: 'CreateError',
      failureMessage: expect.stringContaining(noCapacity),
    });
  });

  it('whose node never joins stays Provisioned', async () => {
    world.cluster.world.setInfrastructure({ arrival: 'never-joins' });
    await deleteOld(world, undrained);
    await world.clock.advance(60 * second);

    expect(newMachine(world).status.phase).toBe('Provisioned');
    expect(newMachine(world).status.nodeRef).toBeUndefined();
    expect(said(newMachine(world), 'InfrastructureReady')).toBe('True Ready');
    expect(world.names('Node')).not.toContain('kr-b-4');
  });

  it('whose node never becomes Ready is Running, and not Ready', async () => {
    world.cluster.world.setInfrastructure({ arrival: 'never-ready' });
    await deleteOld(world, undrained);
    await world.clock.advance(60 * second);
    const set = look(world.cluster.world.get('MachineSet', 'workers-c9x5d', 'capi-system'));

    expect(newMachine(world).status).toMatchObject({
      phase: 'Running',
      nodeRef: { name: 'kr-b-4' },
    });
    expect(said(newMachine(world), 'NodeHealthy')).toMatch(
      /^False NodeNotHealthy: \* Node.Ready: container runtime network not ready/,
    );
    expect(said(newMachine(world), 'Available')).toBe('False NotReady');
    expect(set.status).toMatchObject({ replicas: 5, readyReplicas: 4 });
  });

  it('stays without capacity over a restart of the cluster', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'machines-'));
    await world.cluster.stop();
    world = await startMoving(koreaSeed(), join(folder, 'world.jsonl'));
    world.cluster.world.setInfrastructure({ arrival: 'no-capacity' });
    await deleteOld(world, undrained);
    await world.clock.advance(10 * second);
    await world.cluster.stop();
    world = await startMoving([], join(folder, 'world.jsonl'));
    await world.clock.advance(60 * second);

    expect(said(newMachine(world), 'InfrastructureReady')).toContain('InstanceProvisionFailed');
    rmSync(folder, { recursive: true });
  });
});
