import type { ClusterUnderTest } from './cluster-under-test.ts';
import type { Json } from './json.ts';
import { until } from './until.ts';

export function conditionOf(object: Json, type: string): Json | undefined {
  return object?.status?.conditions?.find((condition: Json) => condition.type === type);
}

export function isReady(pod: Json): boolean {
  return (
    conditionOf(pod, 'Ready')?.status === 'True' && pod.metadata.deletionTimestamp === undefined
  );
}

/** Waits until the app has exactly so many pods, all of them ready, and returns them. */
export async function readyPods(
  cluster: ClusterUnderTest,
  app: string,
  count: number,
): Promise<Json[]> {
  return await until(
    `${count} pods of ${app} are ready`,
    () => cluster.list('pods', `labelSelector=app%3D${app}`),
    (pods) => pods.length === count && pods.every(isReady),
  );
}

/** Waits until the budget is as told, and returns its status. */
export async function countedBudget(
  cluster: ClusterUnderTest,
  name: string,
  wanted: Readonly<Record<string, number>>,
): Promise<Json> {
  const { status } = await until(
    `budget ${name} has ${JSON.stringify(wanted)}`,
    () => cluster.read('poddisruptionbudgets', name),
    (budget) => Object.entries(wanted).every(([field, value]) => budget.status?.[field] === value),
  );
  return status;
}

/** Asks for an eviction, as `kubectl drain` does. */
export async function evict(cluster: ClusterUnderTest, name: string, deleteOptions?: object) {
  return await cluster.api.send(`POST ${cluster.path('pods', name, 'eviction')}`, {
    body: {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace: cluster.namespace },
      ...(deleteOptions === undefined ? {} : { deleteOptions }),
    },
  });
}
