import { vi } from 'vitest';
import type { Manifest } from '../../src/demo/cluster/model/objects.ts';
import type { World } from '../../src/demo/cluster/world.ts';
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

function deployment(app: string, replicas: number): Manifest {
  const resources = {
    requests: { cpu: '100m', memory: '128Mi' },
    limits: { memory: '256Mi' },
  };
  const annotations = { 'fake.kubelet/ready-seconds': '4' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app, namespace: 'rec' },
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

function budget(name: string, app: string, rule: Record<string, number>): Manifest {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: 'rec' },
    spec: { ...rule, selector: { matchLabels: { app } } },
  };
}

const closed = { key: 'contract/closed', effect: 'NoSchedule' };

function setClosed(world: World, isClosed: boolean): void {
  for (const name of ['node-2', 'node-4']) {
    const node = world.get('Node', name);
    if (node === undefined) continue;
    const { taints: _, ...spec } = (node.spec ?? {}) as Record<string, unknown>;
    world.apply({ ...node, spec: isClosed ? { ...spec, taints: [closed] } : spec });
  }
}

/** What the recorded cluster held besides: one pod each of `never` and `two` on node-3, and a pod alone. */
export async function setUpWorkloads(world: World): Promise<void> {
  await settled(world);
  setClosed(world, true);
  world.apply(deployment('never', 2));
  world.apply(deployment('two', 2));
  world.apply(deployment('solo', 1));
  world.apply(budget('never', 'never', { maxUnavailable: 0 }));
  world.apply(budget('two-a', 'two', { maxUnavailable: 1 }));
  world.apply(budget('two-b', 'two', { minAvailable: 1 }));
  await settled(world);
  setClosed(world, false);
}

/** Every Deployment has all its replicas, and every budget has counted them. */
async function settled(world: World): Promise<void> {
  const isSettled = () => {
    const deployments = world.list('Deployment', 'rec');
    const budgets = world.list('PodDisruptionBudget', 'rec');
    return (
      deployments.every((each) => {
        const { replicas } = each.spec as { replicas: number };
        return (each.status as { readyReplicas?: number } | undefined)?.readyReplicas === replicas;
      }) &&
      budgets.every((each) => {
        const status = each.status as { currentHealthy: number; expectedPods: number };
        return status.expectedPods > 0 && status.currentHealthy === status.expectedPods;
      })
    );
  };
  await vi.waitUntil(isSettled, { timeout: 5000, interval: 10 });
}
