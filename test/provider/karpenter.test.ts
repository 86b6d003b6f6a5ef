import { afterEach, describe, expect, it } from 'vitest';
import { labels, owner, servePool, sick } from './karpenter-world.ts';
import { node, nodeClaim, nodePool } from './manifests.ts';
import type { ObjectServer, StoredObject } from './object-server.ts';
import { requestFor } from './requests.ts';

const deletionTimestamp = '2026-11-24T22:00:00Z';

let server: ObjectServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function serve(...more: readonly StoredObject[]): Promise<ObjectServer> {
  server = await servePool(...more);
  return server;
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
