import { afterEach, describe, expect, it } from 'vitest';
import { createMachineProviders } from '../../src/provider/find-owner.ts';
import type { OwnedMachine, ReplacementState } from '../../src/provider/provider.ts';
import { node, nodeClaim, nodePool, parsedNode } from './manifests.ts';
import { type ObjectServer, type StoredObject, startObjectServer } from './object-server.ts';
import { baselineFor, requestFor } from './requests.ts';

const providers = createMachineProviders({});
const labels = { 'karpenter.sh/nodepool': 'web' };
const sick = node('ip-1', { metadata: { labels } });
const other = node('ip-2', { metadata: { labels } });
const deletionTimestamp = '2026-11-24T22:00:00Z';
const BEFORE = '2026-11-24T21:00:00Z';

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

async function serve(...more: readonly StoredObject[]): Promise<ObjectServer> {
  server = await startObjectServer(
    sick,
    other,
    nodePool(),
    nodeClaim('web-1', 'ip-1'),
    nodeClaim('web-2', 'ip-2'),
    ...more,
  );
  return server;
}

function owner({ cluster }: ObjectServer, of: StoredObject = sick): Promise<OwnedMachine> {
  return providers.owner(cluster, parsedNode(of), 'auto');
}

describe('the NodeClaim behind a node', () => {
  it('is found, with its pool and how many it has', async () => {
    const found = await owner(await serve());

    expect(found).toMatchObject({
      provider: { name: 'karpenter' },
      object: { kind: 'NodeClaim', name: 'web-1', uid: 'NodeClaim-web-1' },
      group: { name: 'web', desired: 2, current: 2 },
      refusals: [],
      warnings: [expect.stringMatching(/Karpenter promises no new node/)],
    });
  });

  it('of a pool with static capacity comes back for certain', async () => {
    const found = await owner(await serve(nodePool({ replicas: 5 })));

    expect(found.group.desired).toBe(5);
    expect(found.how).toContain('NodePool web is kept at 5');
    expect(found.warnings).toEqual([]);
  });

  it.each([
    {
      why: 'is refused while it is being deleted',
      put: [nodeClaim('web-1', 'ip-1', { metadata: { labels, deletionTimestamp } })],
      says: /being deleted already/,
    },
    {
      why: 'is refused where its pool is being deleted',
      put: [nodePool({}, { metadata: { deletionTimestamp } })],
      says: /NodePool web is being deleted/,
    },
  ])('$why', async ({ put, says }) => {
    const { refusals } = await owner(await serve(...put));

    expect(refusals).toEqual([expect.stringMatching(says)]);
  });

  it('is refused where somebody has marked the node', async () => {
    const annotations = { 'karpenter.sh/do-not-disrupt': 'true' };
    const marked = node('ip-1', { metadata: { labels, annotations } });

    const { refusals } = await owner(await serve(marked), marked);

    expect(refusals).toEqual([expect.stringMatching(/do-not-disrupt is set on the node/)]);
  });

  it('warns of a deadline after which budgets do not count, and of a pool that is not ready', async () => {
    const claim = nodeClaim('web-1', 'ip-1', { spec: { terminationGracePeriod: '1h' } });
    const conditions = [{ type: 'Ready', status: 'False', message: 'NodeClass not found' }];

    const { warnings } = await owner(
      await serve(claim, nodePool({ replicas: 2 }, { status: { conditions } })),
    );

    expect(warnings).toEqual([
      expect.stringMatching(/terminationGracePeriod is 1h: .* whatever their budgets/),
      expect.stringMatching(/NodePool web is not ready \(NodeClass not found\)/),
    ]);
  });
});

describe('replacing a NodeClaim', () => {
  it('deletes it once, however often it is asked', async () => {
    const started = await serve();
    const found = await owner(started);
    const request = requestFor(found, sick);

    const results = [
      await found.provider.replaced(started.cluster, request),
      await found.provider.replace(started.cluster, request),
      await found.provider.replace(started.cluster, request),
      await found.provider.replaced(started.cluster, request),
    ];

    const answer = { nodeClaim: 'web-1', uid: 'NodeClaim-web-1' };
    expect(results).toEqual([
      false,
      { ...answer, result: 'deleted' },
      { ...answer, result: 'already' },
      true,
    ]);
  });
});

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

    expect(state).toEqual({
      status: 'terminating',
      detail:
        'NodeClaim web-1 is being deleted: waiting for its volumes to detach (awaiting pvc-1)',
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

    expect(state).toEqual({
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

    expect(state).toEqual({
      status: 'provisioning',
      detail: 'NodePool web has no new node yet; pods wait for room: shop/new',
    });
  });

  it('at provisioning while a pool with a fixed size makes none, and never at ready for the old ones', async () => {
    const state = await stateAfter((world) => oldIsGone(world, nodePool({ replicas: 2 })));

    expect(state).toEqual({
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
