import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../src/demo/cluster/model/objects.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import { clientOf, node, pod, podSpec, podsOf, workload } from './client.ts';

const nodes = 1000;
const perNode = 30;
let cluster: SimulatedCluster;

beforeAll(async () => {
  const seed: Manifest[] = [];
  for (let index = 0; index < nodes; index += 1) {
    const name = `n-${index}`;
    seed.push(node(name, { cpu: '16' }));
    for (let number = 0; number < perNode; number += 1) {
      const spec = podSpec({ nodeName: name });
      const running = {
        phase: 'Running',
        podIP: '10.0.0.1',
        conditions: [{ type: 'Ready', status: 'True' }],
      };
      const { metadata, ...rest } = pod(`p-${index}-${number}`, spec, { app: `a-${number}` });
      const namespace = `ns-${index % 50}`;
      seed.push({ ...rest, metadata: { ...metadata, namespace }, status: running });
    }
  }
  cluster = await startSimulatedCluster({
    name: 'large',
    region: 'test',
    seed,
    timings: { heartbeatMs: 60_000, nodeGraceMs: 300_000 },
  });
}, 120_000);
afterAll(() => cluster.stop());

describe('a thousand nodes with thirty thousand pods', () => {
  it('are listed by node, and in pages, without walking through all of them each time', async () => {
    const call = clientOf(cluster);
    const started = performance.now();
    let listed = 0;
    for (let index = 0; index < 300; index += 1) {
      const selector = encodeURIComponent(`spec.nodeName=n-${index}`);
      const { body } = await call(`GET /api/v1/pods?fieldSelector=${selector}&limit=500`);
      listed += body.items.length;
    }
    const tookMs = performance.now() - started;

    expect(listed).toBe(300 * perNode);
    // Some milliseconds a node; a walk through all pods for each would take minutes.
    expect(tookMs).toBeLessThan(20_000);
  });

  it('take a Deployment that must be spread and kept apart without the API having to wait', async () => {
    const call = clientOf(cluster);
    const labelSelector = { matchLabels: { app: 'new' } };
    const apart = { topologyKey: 'kubernetes.io/hostname', labelSelector };
    const podAntiAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [apart] };
    const spread = { ...apart, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' };
    const spec = podSpec({ affinity: { podAntiAffinity }, topologySpreadConstraints: [spread] });
    cluster.world.apply(workload('Deployment', 'new', { replicas: 300, spec }));
    let slowestMs = 0;
    await vi.waitUntil(
      async () => {
        const started = performance.now();
        await call('GET /version');
        slowestMs = Math.max(slowestMs, performance.now() - started);
        return podsOf(cluster, 'new').filter((each) => each.spec.nodeName).length === 300;
      },
      { timeout: 20_000, interval: 5 },
    );
    const places = new Set(podsOf(cluster, 'new').map((each) => each.spec.nodeName));

    expect(places.size).toBe(300);
    expect(slowestMs).toBeLessThan(2_000);
  });

  it('come in pages, each pod once', async () => {
    const call = clientOf(cluster);
    const names = new Set<string>();
    let token = '';
    do {
      const { body } = await call(`GET /api/v1/pods?limit=5000&continue=${token}`);
      for (const { metadata } of body.items) names.add(`${metadata.namespace}/${metadata.name}`);
      token = body.metadata.continue ?? '';
    } while (token !== '');

    expect(names.size).toBe(nodes * perNode + podsOf(cluster, 'new').length);
  });
});
