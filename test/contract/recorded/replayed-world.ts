import type { Manifest } from '../../../src/demo/cluster/model/objects.ts';
import type { ClusterUnderTest } from '../cluster/cluster-under-test.ts';
import { budget } from '../cluster/manifests.ts';
import { countedBudget, readyPods } from '../cluster/pods.ts';
import { fitted } from './fitted-request.ts';
import type { Recording } from './recording.ts';

interface NodeList {
  readonly items: readonly Manifest[];
}

/** Four nodes, as recorded: the first is in the list of nodes, the third was cordoned. */
export function recordedNodes(all: readonly Recording[]): Manifest[] {
  const list = all.find((each) => each.file.startsWith('06-'))?.response.body as NodeList;
  const third = all.find((each) => each.file.startsWith('11-'))?.response.body as Manifest;
  const [first] = list.items;
  if (first === undefined) throw new Error('recording 06 lists no node');
  const { annotations: _, ...metadata } = third.metadata;
  const annotations = { 'node.alpha.kubernetes.io/ttl': '0' };
  const spec = { providerID: 'fake:///node-3' };
  return [
    { ...first, apiVersion: 'v1', kind: 'Node' },
    named(first, 'node-2'),
    { ...third, metadata: { ...metadata, annotations }, spec },
    named(first, 'node-4'),
  ];
}

function named(node: Manifest, name: string): Manifest {
  const text = JSON.stringify({ ...node, apiVersion: 'v1', kind: 'Node' });
  const { uid: _, ...metadata } = JSON.parse(text.replaceAll('node-1', name)).metadata;
  return { ...JSON.parse(text.replaceAll('node-1', name)), metadata };
}

function deployment(app: string, replicas: number): object {
  const resources = {
    requests: { cpu: '100m', memory: '128Mi' },
    limits: { memory: '256Mi' },
  };
  const annotations = { 'fake.kubelet/ready-seconds': '4' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app },
    spec: {
      replicas,
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app }, annotations },
        spec: { containers: [{ name: 'main', image: `registry.example/${app}:1`, resources }] },
      },
    },
  };
}

/** In the recorded cluster one pod each of `never` and `two` stood on node-3: two of the other nodes took none. */
async function closeNodes(cluster: ClusterUnderTest, isClosed: boolean): Promise<void> {
  // In a given cluster pods stand where they may, and nodes are left alone.
  if (cluster.given !== undefined) return;
  const taints = isClosed ? [{ key: 'contract/closed', effect: 'NoSchedule' }] : null;
  for (const name of ['node-2', 'node-4']) {
    const contentType = 'application/merge-patch+json';
    const body = { spec: { taints } };
    await cluster.api.expect(`PATCH /api/v1/nodes/${name}`, { body, contentType });
  }
}

/** What the recorded cluster held besides: pods under two budgets, under one that allows none, and a pod alone. */
export async function setUpWorkloads(cluster: ClusterUnderTest): Promise<void> {
  await readyPods(cluster, 'web', 4);
  await closeNodes(cluster, true);
  for (const [app, replicas] of [
    ['never', 2],
    ['two', 2],
    ['solo', 1],
  ] as const) {
    await cluster.create('deployments', fitted(cluster, deployment(app, replicas)) as object);
  }
  await cluster.create('poddisruptionbudgets', budget('never', { maxUnavailable: 0 }));
  await cluster.create('poddisruptionbudgets', budget('two-a', { maxUnavailable: 1 }, 'two'));
  await cluster.create('poddisruptionbudgets', budget('two-b', { minAvailable: 1 }, 'two'));
  await readyPods(cluster, 'never', 2);
  await readyPods(cluster, 'two', 2);
  await readyPods(cluster, 'solo', 1);
  for (const name of ['never', 'two-a', 'two-b']) {
    await countedBudget(cluster, name, { expectedPods: 2, currentHealthy: 2 });
  }
  await countedBudget(cluster, 'web', { expectedPods: 4, currentHealthy: 4 });
  await closeNodes(cluster, false);
}
