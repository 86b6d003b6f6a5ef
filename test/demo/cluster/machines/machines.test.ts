import { afterEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../src/demo/cluster/model/objects.ts';
import type { Pod } from '../../../../src/demo/cluster/model/schemas.ts';
import { japanSeed, koreaSeed } from '../../../../src/demo/cluster/seeds.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../../src/demo/cluster/simulated-cluster.ts';
import { clientOf, look, merge, statusOf, until } from '../client.ts';

let cluster: SimulatedCluster;
afterEach(() => cluster.stop());

function namesOf(kind: string): string[] {
  return cluster.world.list(kind).map((each) => each.metadata.name);
}

function podsOn(node: string): Pod[] {
  return (cluster.world.list('Pod') as Pod[]).filter((pod) => pod.spec.nodeName === node);
}

function isReady(node: string): boolean {
  return statusOf(cluster.world.get('Node', node), 'Ready') === 'True';
}

describe('a Machine', () => {
  const machines = '/apis/cluster.x-k8s.io/v1beta2/namespaces/capi-system/machines';

  async function startKorea(): Promise<KubeObject> {
    cluster = await startSimulatedCluster({ name: 'kr', region: 'kr', seed: koreaSeed() });
    const machine = cluster.world.get('Machine', 'kr-b-2-x7k', 'capi-system');
    if (machine === undefined) throw new Error('the seed has no machine for kr-b-2');
    return machine;
  }

  it('that is deleted takes its node along, and its set makes another in the same zone', async () => {
    const machine = await startKorea();
    const others = namesOf('Node').filter((name) => name !== 'kr-b-2');
    const preconditions = { uid: machine.metadata.uid };

    const { status } = await clientOf(cluster)(`DELETE ${machines}/kr-b-2-x7k`, { preconditions });
    const set = () => look(cluster.world.get('MachineSet', 'workers-c9x5d', 'capi-system')).status;
    await until(() => set().readyReplicas === 4);
    const during = set();
    await until(() => cluster.world.get('Node', 'kr-b-2') === undefined);
    await until(() => isReady('kr-b-4'));

    expect(status).toBe(200);
    expect(during).toMatchObject({ replicas: 5, readyReplicas: 4 });
    expect(namesOf('Node')).toEqual([...others, 'kr-b-4'].sort());
    await until(
      () =>
        look(cluster.world.get('MachineDeployment', 'workers', 'capi-system')).status
          .readyReplicas === 5,
    );
    const node = look(cluster.world.get('Node', 'kr-b-4'));
    const ours = look(cluster.world.list('Machine', 'capi-system')).find(
      (each: KubeObject) =>
        each.metadata.name === node.metadata.annotations['cluster.x-k8s.io/machine'],
    );
    expect(node.metadata.labels['topology.kubernetes.io/zone']).toBe('ap-northeast-2b');
    expect(ours).toMatchObject({ status: { phase: 'Running', nodeRef: { name: 'kr-b-4' } } });
    expect(ours.spec.providerID).toBe(node.spec.providerID);
  });

  it('that is deleted leaves no pod behind, and its DaemonSets come to the new node', async () => {
    await startKorea();

    await clientOf(cluster)(`DELETE ${machines}/kr-b-2-x7k`);
    await until(() => podsOn('kr-b-2').length === 0);
    await until(() => isReady('kr-b-4'));

    const agents = () => podsOn('kr-b-4').filter((pod) => pod.metadata.namespace === 'kube-system');
    await until(() => agents().filter((pod) => statusOf(pod, 'Ready') === 'True').length === 2);
    expect(
      agents()
        .map((pod) => pod.metadata.labels?.['app'])
        .sort(),
    ).toEqual(['cni', 'log-agent']);
  });

  it('is made when the pool grows, and goes when it shrinks: the marked one first', async () => {
    await startKorea();
    const call = clientOf(cluster);
    const pool = '/apis/cluster.x-k8s.io/v1beta2/namespaces/capi-system/machinedeployments/workers';
    const annotations = {
      'cluster.x-k8s.io/delete-machine': 'yes',
      'machine.cluster.x-k8s.io/exclude-node-draining': '',
    };
    const mark = { metadata: { annotations } };

    await call(`PATCH ${pool}`, { spec: { replicas: 6 } }, merge);
    await until(() => namesOf('Node').length === 7 && namesOf('Node').every(isReady));
    await call(`PATCH ${machines}/kr-a-1-x7k`, mark, merge);
    await call(`PATCH ${pool}/scale`, { spec: { replicas: 5 } }, merge);
    await until(() => namesOf('Node').length === 6);

    expect(namesOf('Node')).not.toContain('kr-a-1');
  });
});

describe('a NodeClaim', () => {
  it('that is deleted is drained within the budgets, then replaced', async () => {
    cluster = await startSimulatedCluster({ name: 'jp', region: 'jp', seed: japanSeed() });
    const claim = cluster.world
      .list('NodeClaim')
      .find((each) => look(each).status.nodeName === 'jp-1');
    const incidents = () =>
      (cluster.world.list('Pod', 'incidents') as Pod[]).filter(
        (pod) => statusOf(pod, 'Ready') === 'True',
      );
    let fewest = 2;

    await clientOf(cluster)(`DELETE /apis/karpenter.sh/v1/nodeclaims/${claim?.metadata.name}`);
    await until(() => {
      fewest = Math.min(fewest, incidents().length);
      return cluster.world.get('Node', 'jp-1') === undefined;
    });
    await until(() => isReady('jp-4'));

    expect(fewest).toBeGreaterThanOrEqual(1);
    await until(() => podsOn('jp-1').length === 0);
    await until(() =>
      cluster.world.list('NodeClaim').some((each) => look(each).status.nodeName === 'jp-4'),
    );
    expect(cluster.world.list('NodeClaim')).toHaveLength(3);
  });

  it('is made for pods that find no room', async () => {
    const seed = japanSeed().map((each) =>
      each.kind === 'NodePool' ? { ...each, spec: { template: {} } } : each,
    );
    cluster = await startSimulatedCluster({ name: 'jp', region: 'jp', seed });
    const resources = { requests: { cpu: '7500m' } };

    cluster.world.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'big', namespace: 'console' },
      spec: { containers: [{ name: 'main', image: 'registry.example/big:1', resources }] },
    });

    await until(() => isReady('jp-4'));
    await until(() => statusOf(cluster.world.get('Pod', 'big', 'console'), 'Ready') === 'True');
    expect(podsOn('jp-4').map((pod) => pod.metadata.name)).toContain('big');
  });
});
