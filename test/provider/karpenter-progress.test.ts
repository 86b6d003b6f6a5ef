import { afterEach, describe, expect, it } from 'vitest';
import type { ReplacementState } from '../../src/provider/provider.ts';
import { labels, other, owner, servePool, sick } from './karpenter-world.ts';
import { node, nodeClaim, nodePool } from './manifests.ts';
import type { ObjectServer, StoredObject } from './object-server.ts';
import { baselineFor } from './requests.ts';

const deletionTimestamp = '2026-11-24T22:00:00Z';
const BEFORE = '2026-11-24T21:00:00Z';
const AFTER = '2026-11-24T22:00:30Z';

let server: ObjectServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

function waitingPod(name: string, creationTimestamp: string): StoredObject {
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid: name, creationTimestamp },
    spec: {},
    status: { phase: 'Pending', conditions },
  };
}

/** An event of Karpenter. */
function warning(
  reason: string,
  involvedObject: { kind: string; name: string },
  more: { message?: string; lastTimestamp: string },
): StoredObject {
  const name = `${involvedObject.name}.${more.lastTimestamp}`.toLowerCase();
  const metadata = { name, namespace: 'default', uid: name, creationTimestamp: BEFORE };
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata,
    type: 'Warning',
    reason,
    involvedObject,
    ...more,
  };
}

async function serve(...more: readonly StoredObject[]): Promise<ObjectServer> {
  server = await servePool(...more);
  return server;
}

describe('a replacement by Karpenter stands', () => {
  async function stateAfter(change: (world: ObjectServer) => void): Promise<ReplacementState> {
    const started = await serve();
    const found = await owner(started);
    const askedAt = Date.parse(deletionTimestamp);
    const baseline = { ...baselineFor(found, sick, [sick, other]), askedAt };
    change(started);
    return found.provider.poll(started.cluster, baseline);
  }

  function oldIsGone(world: ObjectServer, ...more: readonly StoredObject[]): void {
    world.remove('NodeClaim', 'web-1');
    world.remove('Node', 'ip-1');
    world.put(...more);
  }

  it('at terminating, with the stage it has reached', async () => {
    const conditions = [
      { type: 'Drained', status: 'True' },
      { type: 'VolumesDetached', status: 'False', message: 'awaiting pvc-1' },
    ];
    const state = await stateAfter((world) =>
      world.put(
        nodeClaim('web-1', 'ip-1', { metadata: { labels, deletionTimestamp }, conditions }),
      ),
    );

    expect(state).toMatchObject({
      status: 'terminating',
      detail:
        'NodeClaim web-1 is being deleted: waiting for its volumes to detach (awaiting pvc-1)',
    });
  });

  it('at terminating with what Karpenter says of a drain that does not end', async () => {
    const draining = {
      type: 'Drained',
      status: 'Unknown',
      reason: 'Draining',
      message: 'Draining',
    };
    const text = 'Failed to drain node, 1 pods are waiting to be evicted';
    const about = { kind: 'Node', name: 'ip-1' };
    const state = await stateAfter((world) =>
      world.put(
        nodeClaim('web-1', 'ip-1', {
          metadata: { labels, deletionTimestamp },
          conditions: [draining],
        }),
        warning('FailedDraining', about, { message: text, lastTimestamp: AFTER }),
        warning('FailedDraining', about, { message: 'long ago', lastTimestamp: BEFORE }),
      ),
    );

    expect(state).toMatchObject({
      status: 'terminating',
      detail: `NodeClaim web-1 is being deleted: draining (Draining); FailedDraining: ${text}`,
      next: expect.stringContaining('do-not-disrupt'),
    });
  });

  it('at provisioning with what Karpenter says of claims that it has given up', async () => {
    const about = { kind: 'NodeClaim', name: 'web-3' };
    const message = 'NodeClaim web-3 event: creating instance, insufficient capacity';
    const state = await stateAfter((world) =>
      oldIsGone(
        world,
        nodePool({ replicas: 2 }),
        warning('InsufficientCapacityError', about, { message, lastTimestamp: AFTER }),
      ),
    );

    expect(state).toMatchObject({
      status: 'provisioning',
      detail: `NodePool web has 1 of 2 nodes Ready; waiting: no new machine yet; Karpenter says: InsufficientCapacityError: ${message}`,
      missing: 1,
      next: expect.stringContaining('other instance types or zones'),
    });
  });

  it('at provisioning with what the pool says of nodes that do not register', async () => {
    const health = {
      type: 'NodeRegistrationHealthy',
      status: 'False',
      reason: 'RegistrationFailed',
      message: 'Failed to register node',
    };
    const pool = nodePool({ replicas: 2 }, { status: { conditions: [health] } });
    const state = await stateAfter((world) => oldIsGone(world, pool));

    expect(state).toMatchObject({
      status: 'provisioning',
      detail: expect.stringContaining(
        'Karpenter says: RegistrationFailed: Failed to register node',
      ),
    });
  });

  it('at provisioning until the new claim is initialized, though its node is Ready', async () => {
    const conditions = [
      { type: 'Launched', status: 'True' },
      { type: 'Registered', status: 'True' },
      { type: 'Initialized', status: 'False', message: 'startup taint still there' },
    ];
    const state = await stateAfter((world) =>
      oldIsGone(world, nodeClaim('web-3', 'ip-3', { conditions }), node('ip-3')),
    );

    expect(state).toMatchObject({
      status: 'provisioning',
      detail:
        'NodePool web has 1 of 2 nodes Ready; waiting: node ip-3 is not Initialized (startup taint still there)',
    });
  });

  it('at not needed where the pool has no fixed size and no pod waits for room', async () => {
    const state = await stateAfter((world) => oldIsGone(world));

    expect(state).toEqual({
      status: 'not_needed',
      detail:
        'no pod waits for room, so NodePool web, which has no fixed size, makes no node in its place',
    });
  });

  it('at provisioning while a pod made since then finds no room', async () => {
    const state = await stateAfter((world) =>
      oldIsGone(world, waitingPod('new', '2026-11-24T22:00:05Z'), waitingPod('old', BEFORE)),
    );

    expect(state).toMatchObject({
      status: 'provisioning',
      detail: 'NodePool web has no new node yet; pods wait for room: shop/new',
    });
  });

  it('at provisioning while a pool with a fixed size makes none, and never at ready for the old ones', async () => {
    const state = await stateAfter((world) => oldIsGone(world, nodePool({ replicas: 2 })));

    expect(state).toMatchObject({
      status: 'provisioning',
      detail: 'NodePool web has 1 of 2 nodes Ready; waiting: no new machine yet',
    });
  });

  it('at ready with the new node', async () => {
    const state = await stateAfter((world) =>
      oldIsGone(world, nodeClaim('web-3', 'ip-3'), node('ip-3')),
    );

    expect(state).toMatchObject({ status: 'ready', newNode: 'ip-3' });
  });

  it('at failed when the pool is gone', async () => {
    const state = await stateAfter((world) => {
      oldIsGone(world);
      world.remove('NodePool', 'web');
    });

    expect(state).toMatchObject({ status: 'failed' });
  });
});
