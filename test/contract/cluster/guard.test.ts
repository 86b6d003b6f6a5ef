import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import { ClusterApi } from './cluster-api.ts';
import { runLabel } from './given-cluster.ts';
import { inspectCluster } from './inspect-cluster.ts';
import { removeLeftovers } from './leftovers.ts';
import { loadKubeconfig } from './load-kubeconfig.ts';
import { simulatedNode } from './manifests.ts';

const given = { context: 'scratch', consent: '' };
const sentence = 'yes-this-one-may-be-changed';

let cluster: SimulatedCluster;

async function start(nodes: readonly string[]): Promise<ClusterApi> {
  const seed = nodes.map(simulatedNode);
  cluster = await startSimulatedCluster({ name: 'guarded', region: 'test', seed });
  return api();
}

function api(): ClusterApi {
  const config = new KubeConfig();
  config.loadFromString(cluster.kubeconfig);
  return new ClusterApi(config);
}

describe('a cluster that tests are to change', () => {
  afterEach(() => cluster.stop());

  it('is accepted where nothing says that people depend on it', async () => {
    const found = await inspectCluster(await start(['n-1', 'product-7']), given);

    expect(found).toBe('context scratch: Kubernetes v1.33.13, 2 nodes, 4 namespaces');
  });

  it.each([
    ['a context', { ...given, context: 'kr-prod' }, ['n-1']],
    ['a node', given, ['n-1', 'live-1']],
  ])('is refused where %s sounds like production, unless one insists', async (_, named, nodes) => {
    const guarded = await start(nodes);

    await expect(inspectCluster(guarded, named)).rejects.toThrow(/sounds like production/);
    await expect(inspectCluster(guarded, { ...named, consent: 'yes' })).rejects.toThrow(sentence);
    await expect(inspectCluster(guarded, { ...named, consent: sentence })).resolves.toBeDefined();
  });

  it('is refused where a label says production', async () => {
    const guarded = await start(['n-1']);
    const metadata = { name: 'shop', labels: { environment: 'production' } };
    cluster.world.apply({ apiVersion: 'v1', kind: 'Namespace', metadata });

    await expect(inspectCluster(guarded, given)).rejects.toThrow('"production" sounds like');
  });

  it('is refused where it is large', async () => {
    const nodes = Array.from({ length: 11 }, (_, index) => `n-${index}`);

    await expect(inspectCluster(await start(nodes), given)).rejects.toThrow('more than 10 nodes');
  });

  it('is refused to who may not do everything there', async () => {
    const guarded = await start(['n-1']);
    const rbac = 'rbac.authorization.k8s.io/v1';
    const metadata = { name: 'reader' };
    cluster.world.apply({ apiVersion: rbac, kind: 'ClusterRole', metadata, rules: [] });
    const subjects = [{ kind: 'User', name: 'guarded-admin' }];
    const roleRef = { kind: 'ClusterRole', name: 'reader' };
    cluster.world.apply({
      apiVersion: rbac,
      kind: 'ClusterRoleBinding',
      metadata,
      subjects,
      roleRef,
    });

    await expect(inspectCluster(guarded, given)).rejects.toThrow('has to be a cluster-admin');
  });

  it('is left as it was: what bears the mark of the run is put back, and nothing else', async () => {
    const guarded = await start(['ours', 'theirs']);
    for (const [name, run] of [
      ['ours', 'this'],
      ['theirs', 'another'],
    ] as const) {
      const node = cluster.world.get('Node', name);
      if (node === undefined) continue;
      const metadata = { ...node.metadata, annotations: { [runLabel]: run } };
      cluster.world.apply({ ...node, metadata, spec: { unschedulable: true } });
      const labels = { [runLabel]: run };
      cluster.world.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
    }

    await removeLeftovers(guarded, 'this');

    const cordoned = cluster.world.list('Node').filter(({ spec }) => Object(spec).unschedulable);
    expect(cordoned.map(({ metadata }) => metadata.name)).toEqual(['theirs']);
    const ours = cluster.world.get('Namespace', 'ours');
    expect(ours === undefined || ours.metadata.deletionTimestamp !== undefined).toBe(true);
    const theirs = cluster.world.get('Namespace', 'theirs');
    expect(theirs?.metadata.deletionTimestamp).toBeUndefined();
  });
});

describe('the kubeconfig', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'handrail-guard-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function kubeconfig(...contexts: readonly string[]): Promise<readonly string[]> {
    const path = join(directory, 'config');
    const content = {
      clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:1' } }],
      users: [{ name: 'u', user: {} }],
      contexts: contexts.map((name) => ({ name, context: { cluster: 'c', user: 'u' } })),
      'current-context': contexts[0],
    };
    await writeFile(path, stringify(content));
    return [path];
  }

  it('has to be named', () => {
    expect(() => loadKubeconfig({ kubeconfigs: [], context: '', image: '', consent: '' })).toThrow(
      'set KUBECONFIG',
    );
  });

  it('is taken as it is where it has one context, and else has to be told which', async () => {
    const one = { kubeconfigs: await kubeconfig('only'), image: '', consent: '' };
    const only = loadKubeconfig({ ...one, context: '' }).getCurrentContext();
    const two = { ...one, kubeconfigs: await kubeconfig('first', 'second') };

    expect(only).toBe('only');
    expect(() => loadKubeconfig({ ...two, context: '' })).toThrow(
      'set HANDRAIL_TEST_CONTEXT to the one whose cluster may be changed (first, second)',
    );
    expect(() => loadKubeconfig({ ...two, context: 'third' })).toThrow('holds no context "third"');
    expect(loadKubeconfig({ ...two, context: 'second' }).getCurrentContext()).toBe('second');
  });
});
