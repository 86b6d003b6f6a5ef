import { vi } from 'vitest';
import {
  conditionStatus,
  isTerminating,
  type KubeObject,
  type Manifest,
} from '../../../src/demo/cluster/model/objects.ts';
import type { Pod } from '../../../src/demo/cluster/model/schemas.ts';
import type { SimulatedCluster } from '../../../src/demo/cluster/simulated-cluster.ts';

/** A plain HTTP client of the simulated API: nothing but fetch. */
export function clientOf(cluster: SimulatedCluster) {
  return async (request: string, body?: unknown, contentType = 'application/json') => {
    const [method = 'GET', path = '/'] = request.split(' ');
    const response = await fetch(cluster.url + path, {
      method,
      headers: { authorization: `Bearer ${cluster.token}`, 'content-type': contentType },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { status, headers } = response;
    const text = await response.text();
    const isJson = headers.get('content-type') === 'application/json';
    return { status, headers, body: JSON.parse(isJson ? text : JSON.stringify(text)) };
  };
}
export type Client = ReturnType<typeof clientOf>;

export const merge = 'application/merge-patch+json';
export const strategic = 'application/strategic-merge-patch+json';
export const jsonPatch = 'application/json-patch+json';

/** A copy of an object, to be looked into freely; empty where there is none. */
export function look(object: unknown) {
  return JSON.parse(JSON.stringify(object ?? { metadata: {}, spec: {}, status: {} }));
}

export async function until(holds: () => boolean): Promise<void> {
  await vi.waitUntil(holds, { timeout: 25_000, interval: 5 });
}

export function node(name: string, size: Record<string, string> = {}): Manifest {
  const amounts = { cpu: '4', memory: '8Gi', pods: '110', ...size };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    status: { capacity: amounts, allocatable: amounts },
  };
}

export function podSpec(more: Record<string, unknown> = {}): Record<string, unknown> {
  const resources = { requests: { cpu: '100m', memory: '64Mi' } };
  const containers = [{ name: 'main', image: 'registry.example/app:1', resources }];
  return { containers, ...more };
}

export function pod(name: string, spec = podSpec(), labels: Record<string, string> = {}): Manifest {
  const metadata = { name, namespace: 'shop', labels };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
}

/** A Deployment or a StatefulSet `name` in the namespace `shop`. */
export function workload(
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet',
  name: string,
  more: { replicas?: number; spec?: Record<string, unknown>; annotations?: object } = {},
): Manifest {
  const { replicas = 1, spec = podSpec(), annotations = {} } = more;
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: 'shop' },
    spec: {
      ...(kind === 'DaemonSet' ? {} : { replicas }),
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec },
    },
  };
}

export function budget(name: string, rule: Record<string, unknown>, app = name): Manifest {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: 'shop' },
    spec: { ...rule, selector: { matchLabels: { app } } },
  };
}

/** The pods of an app in the namespace `shop`. */
export function podsOf(cluster: SimulatedCluster, app: string): Pod[] {
  const pods = cluster.world.list('Pod', 'shop') as Pod[];
  return pods.filter(({ metadata }) => metadata.labels?.['app'] === app);
}

export function statusOf(object: KubeObject | undefined, type: string): string | undefined {
  return conditionStatus((object as Pod | undefined)?.status?.conditions, type);
}

/** Waits until the app has so many pods that are ready and not going, and returns them. */
export async function readyPods(cluster: SimulatedCluster, app: string, count: number) {
  const ready = () =>
    podsOf(cluster, app).filter(
      (each) => statusOf(each, 'Ready') === 'True' && !isTerminating(each),
    );
  await until(() => ready().length === count);
  return ready();
}
