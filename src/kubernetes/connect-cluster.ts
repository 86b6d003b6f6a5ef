import type { Json } from '../json.ts';
import { say } from '../language/text.ts';
import { AccessReview, accessCall } from './access-review.ts';
import { type Connection, callApi } from './api-call.ts';
import { callerHeaders } from './caller-headers.ts';
import { type ClientLimits, defaultLimits } from './client-limits.ts';
import { type ClusterSettings, readClusterConfig } from './cluster-config.ts';
import type {
  AccessQuestion,
  Actor,
  Cluster,
  ListOptions,
  ObjectName,
  Patch,
  ResourceType,
  WatchEvent,
  WriteOptions,
} from './kubernetes.ts';
import { isAbsent, listObjects, readCall } from './list-objects.ts';
import { objectPath, objectText } from './resource-path.ts';
import { openTransport } from './transport.ts';
import { watchObjects } from './watch-objects.ts';
import { createCall, deleteCall, evictCall, patchCall } from './write-calls.ts';

/**
 * Connects to the one cluster that the settings name. Nothing is sent before the first call.
 * @throws ClusterConfigError (`cluster_config`) where its kubeconfig or context is missing or unsafe
 */
export function connectCluster(
  settings: ClusterSettings,
  limits: Partial<ClientLimits> = {},
): Cluster {
  const all = { ...defaultLimits, ...limits };
  return new ApiCluster({
    cluster: settings.name,
    transport: openTransport(readClusterConfig(settings), all),
    limits: all,
    headers: callerHeaders(),
  });
}

class ApiCluster implements Cluster {
  readonly name: string;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.name = connection.cluster;
    this.#connection = connection;
  }

  async get<T>(type: ResourceType<T>, object: ObjectName): Promise<T> {
    const says = say('get {object}', { object: objectText(type, object) });
    const call = readCall(says, objectPath(type, object));
    return callApi(this.#connection, call, (answer) => type.schema.parse(answer));
  }

  async find<T>(type: ResourceType<T>, object: ObjectName): Promise<T | undefined> {
    try {
      return await this.get(type, object);
    } catch (error) {
      if (isAbsent(error, type)) return undefined;
      throw error;
    }
  }

  async list<T>(type: ResourceType<T>, options: ListOptions = {}): Promise<T[]> {
    const { objects } = await listObjects(this.#connection, type, options);
    return objects;
  }

  watch<T>(
    type: ResourceType<T>,
    options: ListOptions & { readonly signal: AbortSignal },
  ): AsyncIterable<WatchEvent<T>> {
    return watchObjects(this.#connection, type, options);
  }

  async create<T>(type: ResourceType<T>, body: Json, options?: WriteOptions): Promise<T> {
    const call = createCall(type, body, options);
    return callApi(this.#connection, call, (answer) => type.schema.parse(answer));
  }

  async patch<T>(
    type: ResourceType<T>,
    object: ObjectName,
    change: { readonly patch: Patch; readonly options?: WriteOptions },
  ): Promise<T> {
    const call = patchCall(type, object, change);
    return callApi(this.#connection, call, (answer) => type.schema.parse(answer));
  }

  async delete<T>(
    type: ResourceType<T>,
    object: ObjectName & { readonly uid: string },
  ): Promise<void> {
    await callApi(this.#connection, deleteCall(type, object), () => undefined);
  }

  async evict(
    pod: { readonly namespace: string; readonly name: string; readonly uid: string },
    options: WriteOptions = {},
  ): Promise<void> {
    await callApi(this.#connection, evictCall(pod, options), () => undefined);
  }

  async allowed(question: AccessQuestion): Promise<boolean> {
    const call = accessCall(question);
    return callApi(this.#connection, call, (answer) => AccessReview.parse(answer).status.allowed);
  }

  as(actor: Actor): Cluster {
    return new ApiCluster({ ...this.#connection, headers: callerHeaders(actor) });
  }
}
