import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conditionStatus, type KubeObject } from '../../../src/demo/cluster/model/objects.ts';
import type { Node } from '../../../src/demo/cluster/model/schemas.ts';
import { koreaSeed } from '../../../src/demo/cluster/seeds.ts';
import type { Evening } from './evening.ts';
import { replaceInTime, startEmpty } from './failing-replacement.ts';

let test: Evening;

beforeEach(async () => {
  test = await startEmpty(koreaSeed(), 'kr-b-2');
});
afterEach(() => test.stop());

function oldMachine(): KubeObject {
  const machine = test.world.get('Machine', 'kr-b-2-x7k', 'capi-system');
  if (machine === undefined) throw new Error('no machine of kr-b-2');
  return machine;
}

function isReady(name: string): boolean {
  const node = test.world.get('Node', name) as Node | undefined;
  return conditionStatus(node?.status?.conditions, 'Ready') === 'True';
}

const within = 'step_timeout: the machine of kr-b-2 was not replaced within 1s: ';
const fourOfFive = 'MachineSet capi-system/workers-c9x5d has 4 of 5 nodes Ready';
const oneShort = 'Left behind: node kr-b-2 is gone; group workers-c9x5d is 1 node short. ';
const stillThere = 'Left behind: node kr-b-2 is still there, cordoned, Ready. ';

describe('node/replace by Cluster API ends in time and says why, what is left and what to do', () => {
  it.each([
    [
      'there is no capacity',
      'no-capacity',
      [
        `${within}${fourOfFive}; waiting: Machine capi-system/kr-b-4-`,
        'is Provisioning (InstanceProvisionFailed: failed to create instance: InsufficientInstanceCapacity: We currently do not have sufficient capacity in the Availability Zone you requested (ap-northeast-2b).)',
        oneShort,
        '(capacity, quota, rights): it goes on by itself then.',
      ],
    ],
    [
      'the machine fails for good',
      'fails',
      [
        'replacement_failed: the machine of kr-b-2 was not replaced: Machine capi-system/kr-b-4-',
        'it has failed (CreateError: Failure detected from referenced resource',
        'InsufficientInstanceCapacity',
        oneShort,
        'and delete it: another is made in its place.',
      ],
    ],
    [
      'the node never joins',
      'never-joins',
      [
        within,
        'is Provisioned (InspectionFailed: Waiting for a Node with spec.providerID simulated:///ap-northeast-2b/kr-b-4 to exist)',
        oneShort,
        'does not join (its boot log, the network, its bootstrap data)',
      ],
    ],
    [
      'the node is never Ready',
      'never-ready',
      [
        within,
        'node kr-b-4 not Ready (KubeletNotReady: container runtime network not ready:',
        oneShort,
        '`kubectl describe node kr-b-4`',
      ],
    ],
  ] as const)('where %s', async (_, arrival, texts) => {
    test.world.setInfrastructure({ arrival });
    const end = await replaceInTime(test);
    for (const text of texts) expect(end).toContain(text);
  });

  it('where a hook holds the deletion', async () => {
    const machine = oldMachine();
    const hook = 'pre-terminate.delete.hook.machine.cluster.x-k8s.io/backup';
    const annotations = { ...machine.metadata.annotations, [hook]: 'backup' };
    test.world.apply({ ...machine, metadata: { ...machine.metadata, annotations } });
    const end = await replaceInTime(test);
    expect(end).toContain(
      `${within}Machine capi-system/kr-b-2-x7k is being deleted: WaitingForPreTerminateHook: Waiting for pre-terminate hooks to succeed (hooks: ${hook})`,
    );
    expect(end).toContain(stillThere);
    expect(end).toContain('Ask the owner of the hook to finish');
  });

  it('where the instance does not end', async () => {
    test.world.setInfrastructure({ departure: 'hangs' });
    const end = await replaceInTime(test);
    expect(end).toContain(
      `${within}Machine capi-system/kr-b-2-x7k is being deleted: WaitingForInfrastructureDeletion: Waiting for SimulatedMachine to be deleted`,
    );
    expect(end).toContain(stillThere);
    expect(end).toContain('End the instance of Machine capi-system/kr-b-2-x7k at the cloud');
  });

  it('where a finalizer of somebody else holds the Machine', async () => {
    const machine = oldMachine();
    const finalizers = [...(machine.metadata.finalizers ?? []), 'example.com/inventory'];
    test.world.apply({ ...machine, metadata: { ...machine.metadata, finalizers } });
    const end = await replaceInTime(test);
    expect(end).toContain('finalizers of others hold it: example.com/inventory');
    expect(end).toContain('Left behind: node kr-b-2 is gone');
    expect(end).toContain('Ask whoever owns example.com/inventory to let');
  });
});

describe('node/replace beside a MachineHealthCheck', () => {
  it('takes the node that somebody else had begun to bring for the new one', async () => {
    const hook = 'pre-terminate.delete.hook.machine.cluster.x-k8s.io/late';
    const machine = oldMachine();
    const annotations = {
      ...machine.metadata.annotations,
      'cluster.x-k8s.io/remediate-machine': '',
      [hook]: 'late',
    };
    test.world.apply({ ...machine, metadata: { ...machine.metadata, annotations } });
    test.world.apply({
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'MachineHealthCheck',
      metadata: { name: 'workers', namespace: 'capi-system' },
      spec: {
        clusterName: 'kr',
        selector: { matchLabels: { 'cluster.x-k8s.io/deployment-name': 'workers' } },
      },
    });
    await vi.waitUntil(() => isReady('kr-b-4'), { timeout: 10_000 });
    const replacing = replaceInTime(test);
    const held = oldMachine();
    const { [hook]: _, ...others } = held.metadata.annotations ?? {};
    test.world.apply({ ...held, metadata: { ...held.metadata, annotations: others } });
    expect(await replacing).toBe('kr-b-2 is replaced by kr-b-4, which is Ready');
  });
});
