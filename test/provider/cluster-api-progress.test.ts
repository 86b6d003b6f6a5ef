import { afterEach, describe, expect, it } from 'vitest';
import { createMachineProviders } from '../../src/provider/find-owner.ts';
import type { OwnedMachine, ReplacementState } from '../../src/provider/provider.ts';
import { capiCluster, machine, machineSet, node, parsedNode } from './manifests.ts';
import { type ObjectServer, type StoredObject, startObjectServer } from './object-server.ts';
import { baselineFor } from './requests.ts';

const sick = node('kr-b-1');
const others = [node('kr-b-2'), node('kr-b-3')];
const deletionTimestamp = '2026-11-24T22:00:00Z';

let server: ObjectServer | undefined;
let owned: OwnedMachine | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** A group of three, planned for, and then what has become of it. */
async function stateAfter(change: (world: ObjectServer) => void): Promise<ReplacementState> {
  server = await startObjectServer(
    sick,
    ...others,
    capiCluster(),
    machineSet(3),
    machine('m-1', 'kr-b-1'),
    machine('m-2', 'kr-b-2'),
    machine('m-3', 'kr-b-3'),
  );
  owned = await createMachineProviders({}).owner(server.cluster, parsedNode(sick), 'auto');
  const baseline = baselineFor(owned, sick, [sick, ...others]);
  change(server);
  return owned.provider.poll(server.cluster, baseline);
}

function oldIsGone(world: ObjectServer, ...more: readonly StoredObject[]): void {
  world.remove('Machine', 'm-1');
  world.remove('Node', 'kr-b-1');
  world.put(machineSet(3, 2), ...more);
}

describe('a replacement by Cluster API stands', () => {
  it('at requested until the deletion has begun', async () => {
    expect(await stateAfter(() => undefined)).toEqual({
      status: 'requested',
      detail: 'Machine capi/m-1 is not being deleted yet',
    });
  });

  it.each([
    {
      version: 'v1beta2',
      conditions: [
        { type: 'Deleting', status: 'True', message: 'Drain not completed yet:\n* Pod web/api-1' },
      ],
      says: 'Drain not completed yet: * Pod web/api-1',
    },
    {
      version: 'v1beta1',
      conditions: [
        {
          type: 'DrainingSucceeded',
          status: 'False',
          reason: 'Draining',
          message: 'Draining the node',
        },
      ],
      says: 'Draining: Draining the node',
    },
  ])('at terminating while it drains, as $version says it', async ({ conditions, says }) => {
    const state = await stateAfter((world) =>
      world.put(
        machine('m-1', 'kr-b-1', {
          metadata: { deletionTimestamp },
          status: { phase: 'Deleting', conditions },
        }),
      ),
    );

    expect(state).toMatchObject({
      status: 'terminating',
      detail: `Machine capi/m-1 is being deleted: ${says}`,
    });
  });

  it('at terminating while the old Node object is there', async () => {
    const state = await stateAfter((world) => world.remove('Machine', 'm-1'));

    expect(state).toMatchObject({
      status: 'terminating',
      detail: 'Machine m-1 is gone; waiting for the Node object kr-b-1 to go',
    });
  });

  it('at provisioning while no new machine is there', async () => {
    const state = await stateAfter((world) => oldIsGone(world));

    expect(state).toMatchObject({
      status: 'provisioning',
      detail: 'MachineSet capi/kr-b has 2 of 3 nodes Ready; waiting: no new machine yet',
    });
  });

  it('at provisioning while the new machine boots, and says why', async () => {
    const conditions = [
      {
        type: 'InfrastructureReady',
        status: 'False',
        reason: 'Quota',
        message: 'no capacity in a',
      },
    ];
    const state = await stateAfter((world) =>
      oldIsGone(world, machine('m-4', undefined, { status: { conditions } })),
    );

    expect(state).toMatchObject({
      status: 'provisioning',
      detail:
        'MachineSet capi/kr-b has 2 of 3 nodes Ready; waiting: Machine capi/m-4 is Provisioning (Quota: no capacity in a), without a node',
    });
  });

  it.each([
    { what: 'is not Ready', fresh: node('kr-b-4', { ready: false }), says: 'not Ready (Booting)' },
    {
      what: 'is cordoned',
      fresh: node('kr-b-4', { spec: { unschedulable: true } }),
      says: 'cordoned',
    },
    {
      what: 'has a startup taint',
      fresh: node('kr-b-4', {
        spec: { taints: [{ key: 'node.cluster.x-k8s.io/uninitialized', effect: 'NoSchedule' }] },
      }),
      says: 'tainted node.cluster.x-k8s.io/uninitialized',
    },
  ])('at provisioning while the new node $what', async ({ fresh, says }) => {
    const state = await stateAfter((world) => oldIsGone(world, machine('m-4', 'kr-b-4'), fresh));

    expect(state.status).toBe('provisioning');
    expect(state.detail).toContain(`waiting: node kr-b-4 ${says}`);
  });

  it('at provisioning while another node of the group is not Ready', async () => {
    const state = await stateAfter((world) => {
      oldIsGone(world, machine('m-4', 'kr-b-4'), node('kr-b-4'), machineSet(3));
      world.put(node('kr-b-3', { ready: false }));
    });

    expect(state).toMatchObject({
      status: 'provisioning',
      detail:
        'MachineSet capi/kr-b has 2 of 3 nodes Ready; waiting: node kr-b-3 not Ready (Booting)',
    });
  });

  it('at ready while another node of the group is cordoned: that is the affair of whoever cordoned it', async () => {
    const state = await stateAfter((world) => {
      oldIsGone(world, machine('m-4', 'kr-b-4'), node('kr-b-4'), machineSet(3));
      world.put(node('kr-b-3', { spec: { unschedulable: true } }));
    });

    expect(state).toMatchObject({ status: 'ready', newNode: 'kr-b-4' });
  });

  it('at ready only with a new node and the whole group', async () => {
    const state = await stateAfter((world) =>
      oldIsGone(world, machine('m-4', 'kr-b-4'), node('kr-b-4'), machineSet(3)),
    );

    expect(state).toEqual({
      status: 'ready',
      newNode: 'kr-b-4',
      detail: 'MachineSet capi/kr-b has 3 of 3 nodes Ready; kr-b-4 is new',
    });
  });

  it('at ready with a new node that has the name of the old one', async () => {
    const again = node('kr-b-1', { metadata: { uid: 'another' } });
    const state = await stateAfter((world) =>
      oldIsGone(world, machine('m-4', 'kr-b-1'), again, machineSet(3)),
    );

    expect(state).toMatchObject({ status: 'ready', newNode: 'kr-b-1' });
  });

  it('at failed when the new machine has failed for good', async () => {
    const failed = machine('m-4', undefined, {
      status: { phase: 'Failed', failureMessage: 'the image does not exist' },
    });
    const state = await stateAfter((world) => oldIsGone(world, failed));

    expect(state.status).toBe('failed');
    expect(state.detail).toContain('Machine capi/m-4: it has failed (the image does not exist)');
  });

  it('at failed when the group was made smaller meanwhile', async () => {
    const state = await stateAfter((world) => oldIsGone(world, machineSet(2)));

    expect(state.status).toBe('failed');
    expect(state.detail).toContain('scaled from 3 to 2 meanwhile');
  });

  it('at failed when the MachineSet is gone', async () => {
    const state = await stateAfter((world) => {
      oldIsGone(world);
      world.remove('MachineSet', 'kr-b');
    });

    expect(state).toMatchObject({ status: 'failed', detail: expect.stringMatching(/is gone/) });
  });
});
