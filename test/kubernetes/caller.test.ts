import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lease } from '../../src/kubernetes/resources/lease.ts';
import { Pod } from '../../src/kubernetes/resources/pod.ts';
import { type ClientWorld, startClientWorld } from './client-world.ts';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'shop' },
  spec: { containers: [{ name: 'main', image: 'registry.example/app:1' }] },
};
const lease = { metadata: { name: 'a', namespace: 'shop' }, spec: { holderIdentity: 'run-1' } };
const where = { name: 'a', namespace: 'shop' };

let at: ClientWorld;
beforeEach(async () => {
  at = await startClientWorld([pod]);
});
afterEach(() => at.stop());

describe('the audit log of the API server', () => {
  it('can tell the run and the trace of every kind of call', async () => {
    const acting = at.cluster.as({ runId: 'run-7', traceId: 'trace-9' });
    const stop = new AbortController();

    const { metadata } = await acting.get(Pod, { name: 'p', namespace: 'shop' });
    await acting.find(Pod, { name: 'none', namespace: 'shop' });
    await acting.list(Pod);
    await acting.create(Lease, lease);
    const patch = { type: 'merge', body: { spec: { leaseDurationSeconds: 9 } } } as const;
    const { metadata: made } = await acting.patch(Lease, where, { patch });
    await acting.delete(Lease, { ...where, uid: made.uid });
    await acting.evict({ name: 'p', namespace: 'shop', uid: metadata.uid });
    await acting.allowed({ verb: 'get', group: '', resource: 'pods' });
    for await (const event of acting.watch(Pod, { signal: stop.signal })) {
      if (event.type !== 'RESYNC') break;
      at.world.apply({ ...pod, metadata: { ...pod.metadata, name: 'q' } });
    }
    stop.abort();

    const kinds = at.seen.map(
      ({ method, path, watch }) => `${method} ${watch ? 'watch ' : ''}${path}`,
    );
    expect(new Set(at.seen.map(({ userAgent }) => userAgent))).toEqual(
      new Set([expect.stringMatching(/^handrail\/\S+ \(run=run-7 trace=trace-9\)$/)]),
    );
    expect(kinds).toEqual([
      'GET /api/v1/namespaces/shop/pods/p',
      'GET /api/v1/namespaces/shop/pods/none',
      'GET /api/v1/pods',
      'POST /apis/coordination.k8s.io/v1/namespaces/shop/leases',
      'PATCH /apis/coordination.k8s.io/v1/namespaces/shop/leases/a',
      'DELETE /apis/coordination.k8s.io/v1/namespaces/shop/leases/a',
      'POST /api/v1/namespaces/shop/pods/p/eviction',
      'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      'GET /api/v1/pods',
      'GET watch /api/v1/pods',
    ]);
  });
});
