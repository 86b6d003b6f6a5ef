import { afterEach, describe, expect, it } from 'vitest';
import { createMachineProviders } from '../../src/provider/find-owner.ts';
import {
  capiCluster,
  machine,
  machineDeployment,
  machineSet,
  node,
  ownedBy,
  parsedNode,
} from './manifests.ts';
import { type ObjectServer, type StoredObject, startObjectServer } from './object-server.ts';
import { requestFor } from './requests.ts';

const providers = createMachineProviders({});
const annotations = {
  'cluster.x-k8s.io/machine': 'm-1',
  'cluster.x-k8s.io/cluster-namespace': 'capi',
};
const sick = node('kr-b-1', { metadata: { annotations } });

let server: ObjectServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function serve(...objects: readonly StoredObject[]): Promise<ObjectServer> {
  server = await startObjectServer(...objects);
  return server;
}

function whole(): StoredObject[] {
  return [
    sick,
    capiCluster(),
    machineSet(3, 2),
    machine('m-1', 'kr-b-1'),
    machine('m-2', 'kr-b-2'),
    machine('m-3', 'kr-b-3'),
  ];
}

function owner({ cluster }: ObjectServer, of: StoredObject = sick) {
  return providers.owner(cluster, parsedNode(of), 'auto');
}

describe('the Machine behind a node', () => {
  it('is found by the annotations of the node, with its MachineSet', async () => {
    const found = await owner(await serve(...whole()));

    expect(found).toMatchObject({
      provider: { name: 'cluster-api' },
      object: { kind: 'Machine', namespace: 'capi', name: 'm-1', uid: 'Machine-m-1' },
      group: { name: 'kr-b', desired: 3, current: 2 },
      warnings: [],
      refusals: [],
    });
    expect(found.how).toContain('until that is Ready it has 2 of 3 nodes');
  });

  it('is found by its nodeRef where the node has no annotations', async () => {
    const plain = node('kr-b-1');

    const found = await owner(await serve(...whole(), plain), plain);

    expect(found.object.name).toBe('m-1');
  });

  it('is found by its provider ID where it has no nodeRef yet', async () => {
    const early = machine('m-9', undefined, { spec: { providerID: 'sim:///kr-b-1' } });
    const plain = node('kr-b-1');

    const found = await owner(await serve(capiCluster(), machineSet(3), early, plain), plain);

    expect(found.object.name).toBe('m-9');
  });

  it('is found in a cluster that serves v1beta1 only', async () => {
    const old = whole().map((object) =>
      object.kind === 'Node' ? object : { ...object, apiVersion: 'cluster.x-k8s.io/v1beta1' },
    );

    const found = await owner(await serve(...old));

    expect(found.object.name).toBe('m-1');
  });

  it('is not believed to be one that says it is behind another node', async () => {
    const started = await serve(sick, machineSet(1), machine('m-1', 'kr-b-7'));

    await expect(owner(started)).rejects.toMatchObject({ code: 'provider_not_found' });
  });
});

describe('a Machine is refused', () => {
  it.each([
    {
      why: 'while it is paused',
      put: [
        machine('m-1', 'kr-b-1', { metadata: { annotations: { 'cluster.x-k8s.io/paused': '' } } }),
      ],
      says: /Machine m-1 is paused/,
    },
    {
      why: 'while its Cluster is paused',
      put: [capiCluster({ paused: true })],
      says: /Cluster kr is paused/,
    },
    {
      why: 'while it is being deleted',
      put: [machine('m-1', 'kr-b-1', { metadata: { deletionTimestamp: '2026-11-24T22:00:00Z' } })],
      says: /Machine m-1 is being deleted already/,
    },
    {
      why: 'that a control plane owns',
      put: [
        machine('m-1', 'kr-b-1', {
          metadata: { ownerReferences: ownedBy('KubeadmControlPlane', 'kr-cp') },
        }),
      ],
      says: /belongs to KubeadmControlPlane kr-cp/,
    },
    {
      why: 'that nobody owns',
      put: [machine('m-1', 'kr-b-1', { metadata: { ownerReferences: [] } })],
      says: /no MachineSet owns it/,
    },
    {
      why: 'while its MachineSet is scaled down',
      put: [machineSet(2)],
      says: /being scaled down from 3 to 2/,
    },
    {
      why: 'while its MachineSet is being deleted',
      put: [machineSet(3, 3, { deletionTimestamp: '2026-11-24T22:00:00Z' })],
      says: /MachineSet kr-b is being deleted/,
    },
  ])('$why', async ({ put, says }) => {
    const started = await serve(...whole(), ...put);

    const { refusals } = await owner(started);

    expect(refusals).toEqual([expect.stringMatching(says)]);
  });
});

describe('what the approver is told of a Machine', () => {
  it('names its delete hooks, its drain timeout and that it is not drained', async () => {
    const marked = machine('m-1', 'kr-b-1', {
      metadata: {
        annotations: {
          'pre-drain.delete.hook.machine.cluster.x-k8s.io/backup': 'etcd-backup',
          'machine.cluster.x-k8s.io/exclude-node-draining': '',
        },
      },
      spec: { deletion: { nodeDrainTimeoutSeconds: 600 } },
    });

    const { warnings } = await owner(await serve(...whole(), marked));

    expect(warnings).toEqual([
      'its deletion waits for the hook pre-drain.delete.hook.machine.cluster.x-k8s.io/backup of etcd-backup',
      'it is excluded from draining: pods still on it end without their budgets',
      'after 600 s of draining Cluster API ends it whatever the budgets say',
    ]);
  });

  it('says that a rollout is under way', async () => {
    const set = machineSet(3, 3, { ownerReferences: ownedBy('MachineDeployment', 'kr-b') });
    const deployment = machineDeployment({ replicas: 3, upToDateReplicas: 1 });

    const { warnings } = await owner(await serve(...whole(), set, deployment));

    expect(warnings).toEqual([
      expect.stringMatching(/MachineDeployment kr-b is rolling out \(1 of 3 machines/),
    ]);
  });
});

describe('replacing a Machine', () => {
  it('deletes it once, however often it is asked', async () => {
    const started = await serve(...whole());
    const found = await owner(started);
    const request = requestFor(found, sick);
    const before = await found.provider.replaced(started.cluster, request);

    const results = [
      await found.provider.replace(started.cluster, request),
      await found.provider.replace(started.cluster, request),
    ];

    expect(before).toBe(false);
    expect(results).toEqual([
      { machine: 'capi/m-1', uid: 'Machine-m-1', result: 'deleted' },
      { machine: 'capi/m-1', uid: 'Machine-m-1', result: 'already' },
    ]);
    expect(started.objects.get('Machine/m-1')?.metadata.deletionTimestamp).toBeDefined();
    expect(await found.provider.replaced(started.cluster, request)).toBe(true);
  });

  it('leaves a namesake alone', async () => {
    const started = await serve(...whole());
    const found = await owner(started);
    started.put(machine('m-1', 'kr-b-1', { metadata: { uid: 'another' } }));

    const result = await found.provider.replace(started.cluster, requestFor(found, sick));

    expect(result).toMatchObject({ result: 'already' });
    expect(started.objects.get('Machine/m-1')?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('does nothing where it has been paused since the approval', async () => {
    const started = await serve(...whole());
    const found = await owner(started);
    started.put(capiCluster({ paused: true }));

    const call = found.provider.replace(started.cluster, requestFor(found, sick));

    await expect(call).rejects.toMatchObject({
      code: 'provider_refused',
      message: expect.stringMatching(/^Machine capi\/m-1 is not replaced: Cluster kr is paused/),
    });
    expect(started.objects.get('Machine/m-1')?.metadata.deletionTimestamp).toBeUndefined();
  });
});
