import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../src/demo/cluster/simulated-cluster.ts';
import { connectCluster } from '../../src/kubernetes/connect-cluster.ts';
import type { Cluster } from '../../src/kubernetes/kubernetes.ts';
import { Lease } from '../../src/kubernetes/resources/lease.ts';
import { Node } from '../../src/kubernetes/resources/node.ts';
import { Pod } from '../../src/kubernetes/resources/pod.ts';
import { failureOf } from './failure-of.ts';
import { quickLimits } from './local-api-server.ts';

let directory = '';
let simulated: SimulatedCluster;
let cluster: Cluster;

const template = {
  metadata: { labels: { app: 'api' } },
  spec: { containers: [{ name: 'main', image: 'registry.example/api:1' }] },
};

function nodeManifest(name: string) {
  const allocatable = { cpu: '4', memory: '16Gi', pods: '110' };
  const status = {
    allocatable,
    capacity: allocatable,
    conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'ok' }],
  };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: {}, status };
}

beforeEach(async () => {
  simulated = await startSimulatedCluster({
    name: 'kr',
    region: 'ap-northeast-2',
    seed: [
      nodeManifest('kr-a-1'),
      nodeManifest('kr-a-2'),
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'api', namespace: 'web' },
        spec: { replicas: 3, selector: { matchLabels: { app: 'api' } }, template },
      },
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'api', namespace: 'web' },
        spec: { minAvailable: 2, selector: { matchLabels: { app: 'api' } } },
      },
    ],
  });
  directory = await mkdtemp(join(tmpdir(), 'handrail-test-'));
  const kubeconfig = join(directory, 'kubeconfig.yml');
  await writeFile(kubeconfig, simulated.kubeconfig);
  const settings = { name: 'kr', kubeconfig, context: 'kr', inCluster: false };
  cluster = connectCluster(settings, { ...quickLimits, callTimeoutMs: 2_000, watchIdleMs: 5_000 });
});
afterEach(async () => {
  await simulated.stop();
  await rm(directory, { recursive: true });
});

/** Waits until so many pods are Ready. */
function readyPods(count: number): Promise<Pod[]> {
  return vi.waitUntil(
    async () => {
      const pods = await cluster.list(Pod, { namespace: 'web', labelSelector: 'app=api' });
      return pods.filter(isReady).length === count && pods;
    },
    { timeout: 5_000, interval: 20 },
  );
}

function isReady({ metadata, status }: Pod): boolean {
  const ready = status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  return ready && !metadata.deletionTimestamp;
}

function podName({ metadata }: Pod) {
  return { namespace: metadata.namespace ?? '', name: metadata.name, uid: metadata.uid };
}

describe('the client against the simulated cluster', () => {
  it('evicts one pod of a budget, and is told by which budget the next one waits', async () => {
    const [first, second] = await readyPods(3);
    if (!first || !second) throw new Error('three pods');

    await expect
      .poll(() =>
        cluster.evict(podName(first), { dryRun: true }).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await cluster.evict(podName(first));
    const error = await failureOf(cluster.evict(podName(second)));

    expect(error.status).toBe(429);
    expect(error.causes).toContainEqual(expect.objectContaining({ reason: 'DisruptionBudget' }));
    expect(error.message).toMatch(
      /a disruption budget does not allow it now \(The disruption budget api /,
    );
    const after = await cluster.find(Pod, podName(first));
    expect(after === undefined || after.metadata.deletionTimestamp !== undefined).toBe(true);
  });

  it('cordons by strategic patch and takes it back by a guarded one', async () => {
    const annotations = { 'handrail/cordoned-by': 'run-1' };
    const marked = await cluster.patch(
      Node,
      { name: 'kr-a-1' },
      {
        patch: {
          type: 'strategic',
          body: { metadata: { annotations }, spec: { unschedulable: true } },
        },
      },
    );
    const guard = (run: string) =>
      ({
        type: 'json',
        body: [
          { op: 'test', path: '/metadata/annotations/handrail~1cordoned-by', value: run },
          { op: 'remove', path: '/spec/unschedulable' },
        ],
      }) as const;

    const refused = await failureOf(
      cluster.patch(Node, { name: 'kr-a-1' }, { patch: guard('run-2') }),
    );
    const freed = await cluster.patch(Node, { name: 'kr-a-1' }, { patch: guard('run-1') });

    expect(marked.spec.unschedulable).toBe(true);
    expect(refused.status).toBe(422);
    expect(freed.spec.unschedulable).toBe(false);
  });

  it('changes nothing by a dry run', async () => {
    await cluster.patch(
      Node,
      { name: 'kr-a-1' },
      {
        patch: { type: 'merge', body: { spec: { unschedulable: true } } },
        options: { dryRun: true },
      },
    );

    expect((await cluster.get(Node, { name: 'kr-a-1' })).spec.unschedulable).toBe(false);
  });

  it('takes a lease once', async () => {
    const body = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'node-kr-a-1', namespace: 'handrail' },
      spec: { holderIdentity: 'run-1', leaseDurationSeconds: 60 },
    };
    simulated.world.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'handrail' } });

    const taken = await cluster.create(Lease, body);
    const again = await failureOf(cluster.create(Lease, body));

    expect(taken.spec.holderIdentity).toBe('run-1');
    expect(again).toMatchObject({ status: 409, reason: 'AlreadyExists' });
  });

  it('hears in a watch what others do, also after its place is forgotten', async () => {
    const stop = new AbortController();
    const heard: string[] = [];
    const listening = (async () => {
      for await (const event of cluster.watch(Node, { signal: stop.signal })) {
        heard.push(event.type === 'RESYNC' ? 'RESYNC' : event.object.metadata.name);
      }
    })();
    await expect.poll(() => heard).toContain('RESYNC');

    simulated.world.apply(nodeManifest('kr-a-3'));
    await expect.poll(() => heard).toContain('kr-a-3');
    simulated.world.compactHistory();
    simulated.world.apply(nodeManifest('kr-a-4'));
    await expect.poll(() => heard).toContain('kr-a-4');
    stop.abort();

    await listening;
  });

  it('knows that a lost answer may hide an eviction, and that reads are worth repeating', async () => {
    const [pod] = await readyPods(3);
    if (!pod) throw new Error('three pods');
    let reads = 0;
    simulated.world.faults = [
      ({ method, path }) => {
        if (path.endsWith('/eviction')) return { reset: 'after' };
        if (method === 'GET' && path === '/api/v1/nodes') {
          reads += 1;
          return reads < 3 ? { status: 500 } : undefined;
        }
        return undefined;
      },
    ];

    const error = await failureOf(cluster.as({ runId: 'r', traceId: 't' }).evict(podName(pod)));
    const nodes = await cluster.list(Node);

    expect(error.effectUncertain).toBe(true);
    const evictions = simulated.world.requests.filter(
      ({ path, dryRun }) => path.endsWith('/eviction') && !dryRun,
    );
    expect(evictions).toHaveLength(1);
    expect(evictions[0]?.userAgent).toMatch(/^handrail\/\S+ \(run=r trace=t\)$/);
    const after = await cluster.find(Pod, podName(pod));
    expect(after?.metadata.deletionTimestamp ?? 'gone').not.toBe('');
    expect(nodes.length).toBeGreaterThanOrEqual(2);
  });
});
