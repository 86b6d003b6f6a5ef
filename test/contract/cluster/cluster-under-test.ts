import type { Answer, CallOptions, ClusterApi } from './cluster-api.ts';
import type { GivenCluster } from './given-cluster.ts';
import type { Json } from './json.ts';
import { removeLeftovers } from './leftovers.ts';

/** Where each collection is served. */
const groups = {
  pods: 'api/v1',
  events: 'api/v1',
  resourcequotas: 'api/v1',
  limitranges: 'api/v1',
  configmaps: 'api/v1',
  serviceaccounts: 'api/v1',
  deployments: 'apis/apps/v1',
  replicasets: 'apis/apps/v1',
  statefulsets: 'apis/apps/v1',
  jobs: 'apis/batch/v1',
  poddisruptionbudgets: 'apis/policy/v1',
  leases: 'apis/coordination.k8s.io/v1',
  roles: 'apis/rbac.authorization.k8s.io/v1',
  rolebindings: 'apis/rbac.authorization.k8s.io/v1',
} as const;
export type Collection = keyof typeof groups;

interface Parts {
  readonly api: ClusterApi;
  readonly namespace: string;
  /** Undefined where the cluster was simulated for this test file. */
  readonly given: GivenCluster | undefined;
  /** Marks what is made in the cluster. */
  readonly run: string;
  stop(): Promise<void>;
}

/** A cluster, and one namespace in it that may be done with as one likes. */
export class ClusterUnderTest {
  readonly api: ClusterApi;
  readonly namespace: string;
  readonly given: GivenCluster | undefined;
  readonly run: string;
  readonly #stop: () => Promise<void>;

  constructor({ api, namespace, given, run, stop }: Parts) {
    this.api = api;
    this.namespace = namespace;
    this.given = given;
    this.run = run;
    this.#stop = stop;
  }

  /** What every container runs. */
  get image(): string {
    return this.given?.image ?? 'registry.example/web:1';
  }

  /** The path of a collection in the namespace, or of what is in it. */
  path(collection: Collection, ...within: readonly string[]): string {
    const parts = [groups[collection], 'namespaces', this.namespace, collection, ...within];
    return `/${parts.join('/')}`;
  }

  /** @throws Error in the API's words where it is refused; so do the following */
  async create(collection: Collection, body: object): Promise<Json> {
    return await this.api.expect(`POST ${this.path(collection)}`, { body });
  }

  async read(collection: Collection, name: string): Promise<Json> {
    return await this.api.expect(`GET ${this.path(collection, name)}`);
  }

  /** Undefined where it is not there. */
  async find(collection: Collection, name: string): Promise<Json | undefined> {
    const { status, body } = await this.api.send(`GET ${this.path(collection, name)}`);
    return status === 200 ? body : undefined;
  }

  async list(collection: Collection, query = ''): Promise<Json[]> {
    return (await this.api.expect(`GET ${this.path(collection)}?${query}`)).items;
  }

  /** A merge patch. */
  async merge(collection: Collection, name: string, body: object): Promise<Json> {
    const contentType = 'application/merge-patch+json';
    return await this.api.expect(`PATCH ${this.path(collection, name)}`, { body, contentType });
  }

  async remove(collection: Collection, name: string, options: CallOptions = {}): Promise<Answer> {
    return await this.api.send(`DELETE ${this.path(collection, name)}`, options);
  }

  /** Takes everything back, the namespace included. */
  async close(): Promise<void> {
    try {
      await removeLeftovers(this.api, this.run);
    } finally {
      await this.#stop();
    }
  }
}
