import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { say, type Text } from '../language/text.ts';
import { type ApiCall, type Connection, callApi } from './api-call.ts';
import { isKubernetesError, type ListOptions, type ResourceType } from './kubernetes.ts';
import { collectionPath, queryText } from './resource-path.ts';

const PAGE_SIZE = 500;
const MAX_RESTARTS = 3;

export interface ObjectList<T> {
  readonly objects: T[];
  /** Where a watch may go on from; empty where the type is not served. */
  readonly resourceVersion: string;
}

const Page = z.object({
  metadata: z.object({ resourceVersion: z.string().default(''), continue: z.string().default('') }),
  items: z.array(z.unknown()).nullable(),
});

/**
 * All objects that match, page by page, with a turn of the event loop between pages so that answers to people are not held
 * up by a big cluster. Begins anew where the server has forgotten the state that the pages belong to (410).
 * @throws KubernetesError
 */
export async function listObjects<T>(
  connection: Connection,
  type: ResourceType<T>,
  options: ListOptions,
): Promise<ObjectList<T>> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      return await listOnce(connection, type, { ...options, limit: limitFor(restarts) });
    } catch (error) {
      if (isUnserved(error, type)) return { objects: [], resourceVersion: '' };
      if (!isKubernetesError(error) || error.status !== 410 || restarts >= MAX_RESTARTS)
        throw error;
    }
  }
}

/** The last resort is one big page, which cannot expire half-way. */
function limitFor(restarts: number): string | undefined {
  return restarts < MAX_RESTARTS ? String(PAGE_SIZE) : undefined;
}

async function listOnce<T>(
  connection: Connection,
  type: ResourceType<T>,
  { namespace, fieldSelector, labelSelector, limit }: ListOptions & { limit: string | undefined },
): Promise<ObjectList<T>> {
  const path = collectionPath(type, namespace);
  const schema = z.array(type.schema);
  const objects: T[] = [];
  let token: string | undefined;
  for (;;) {
    const query = queryText({ limit, continue: token, fieldSelector, labelSelector });
    const call = readCall(say('list {kind} objects', { kind: type.kind }), path + query);
    const page = await callApi(connection, call, (answer) => {
      const { metadata, items } = Page.parse(answer);
      return { metadata, items: schema.parse(items ?? []) };
    });
    for (const object of page.items) objects.push(object);
    token = page.metadata.continue;
    if (!token) return { objects, resourceVersion: page.metadata.resourceVersion };
    await nextTurn();
  }
}

export function readCall(says: Text, path: string): ApiCall {
  return { says, path, effect: 'read', method: 'GET' };
}

/** Served by every Kubernetes API: a 404 for these means a wrong address, not an empty cluster. */
const ALWAYS_SERVED = new Set(['v1', 'apps/v1', 'policy/v1']);

/** Whether the cluster lacks the API of this type, as it does for CRDs that are not installed. */
export function isUnserved(
  error: unknown,
  type: Pick<ResourceType<unknown>, 'apiVersion'>,
): boolean {
  return isKubernetesError(error) && error.status === 404 && !ALWAYS_SERVED.has(type.apiVersion);
}

/** Whether an object is not there, or cannot be because its type is not served. */
export function isAbsent(error: unknown, type: Pick<ResourceType<unknown>, 'apiVersion'>): boolean {
  return isUnserved(error, type) || (isKubernetesError(error) && error.reason === 'NotFound');
}
