import type { ServerResponse } from 'node:http';
import type { Cluster } from '../../src/kubernetes/kubernetes.ts';
import {
  type SeenRequest,
  sendJson,
  sendStatus,
  startLocalApiServer,
} from '../kubernetes/local-api-server.ts';

export interface StoredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly [key: string]: unknown;
  };
  readonly [key: string]: unknown;
}

export interface ObjectServer {
  readonly cluster: Cluster;
  /** What is stored now. */
  readonly objects: Map<string, StoredObject>;
  /** Stores objects, instead of those of the same kind and name. */
  put(...objects: readonly StoredObject[]): void;
  remove(kind: string, name: string): void;
  stop(): Promise<void>;
}

/**
 * Holds objects as they are put, and answers GET, LIST and DELETE over HTTP. Nothing happens by itself: each test says what the
 * controllers have done. API versions that no object has are not served.
 */
export async function startObjectServer(...seed: readonly StoredObject[]): Promise<ObjectServer> {
  const objects = new Map<string, StoredObject>();
  const served = new Set(['v1']);
  function put(...more: readonly StoredObject[]): void {
    for (const object of more) {
      served.add(object.apiVersion);
      objects.set(`${object.kind}/${object.metadata.name}`, object);
    }
  }
  put(...seed);
  const server = await startLocalApiServer((request, response) => {
    const wanted = parsePath(request.path);
    if (!served.has(wanted.apiVersion)) {
      response.writeHead(404).end('404 page not found\n');
      return;
    }
    const matching = [...objects.values()].filter((object) => isMatch(object, wanted));
    if (wanted.name === undefined) sendList(request, response, matching);
    else answerOne({ request, response, objects }, matching[0]);
  });
  return {
    cluster: server.cluster,
    objects,
    put,
    remove: (kind, name) => void objects.delete(`${kind}/${name}`),
    stop: server.stop,
  };
}

interface Wanted {
  readonly apiVersion: string;
  readonly namespace: string | undefined;
  readonly plural: string;
  readonly name: string | undefined;
}

function parsePath(path: string): Wanted {
  const pattern =
    /^\/(?:api|apis)\/(v1|[^/]+\/[^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?$/;
  const [, apiVersion = '', namespace, plural = '', name] = pattern.exec(path) ?? [];
  return { apiVersion, namespace, plural, name };
}

function isMatch({ apiVersion, kind, metadata }: StoredObject, wanted: Wanted): boolean {
  return (
    apiVersion === wanted.apiVersion &&
    `${kind.toLowerCase()}s` === wanted.plural &&
    (wanted.namespace === undefined || metadata.namespace === wanted.namespace) &&
    (wanted.name === undefined || metadata.name === wanted.name)
  );
}

function sendList(
  { query }: SeenRequest,
  response: ServerResponse,
  matching: readonly StoredObject[],
): void {
  const selector = query.get('labelSelector') ?? '';
  const items = matching.filter(({ metadata }) => isSelected(metadata.labels ?? {}, selector));
  sendJson(response, 200, { metadata: { resourceVersion: '1' }, items });
}

function isSelected(labels: Readonly<Record<string, string>>, selector: string): boolean {
  if (selector === '') return true;
  if (selector.startsWith('!')) return !(selector.slice(1) in labels);
  const [key = '', value] = selector.split('=');
  return labels[key] === value;
}

function answerOne(
  {
    request,
    response,
    objects,
  }: {
    request: SeenRequest;
    response: ServerResponse;
    objects: Map<string, StoredObject>;
  },
  object: StoredObject | undefined,
): void {
  if (!object) {
    sendStatus(response, 404, { reason: 'NotFound' });
    return;
  }
  if (request.method === 'GET') {
    sendJson(response, 200, object);
    return;
  }
  if (JSON.parse(request.body).preconditions.uid !== object.metadata.uid) {
    sendStatus(response, 409, { reason: 'Conflict' });
    return;
  }
  // Finalizers keep it until its controller is done.
  const deletionTimestamp = '2026-11-24T22:00:00Z';
  const metadata = { ...object.metadata, deletionTimestamp };
  objects.set(`${object.kind}/${object.metadata.name}`, { ...object, metadata });
  sendStatus(response, 200);
}
