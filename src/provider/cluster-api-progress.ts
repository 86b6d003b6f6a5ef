import type { Cluster } from '../kubernetes/kubernetes.ts';
import {
  type CapiMachine,
  type CapiMachineSet,
  type ClusterApiTypes,
  clusterApiVersions,
} from '../kubernetes/resources/machine.ts';
import { type Condition, controllerOf } from '../kubernetes/resources/metadata.ts';
import { type GroupMember, judgeReplacement } from './judge-replacement.ts';
import type { ReplacementBaseline, ReplacementState } from './provider.ts';

export async function pollClusterApi(
  cluster: Cluster,
  baseline: ReplacementBaseline,
): Promise<ReplacementState> {
  const { namespace } = baseline.machine;
  const within = namespace === undefined ? {} : { namespace };
  for (const types of clusterApiVersions) {
    const machines = await cluster.list(types.Machine, within);
    const old = machines.find(({ metadata }) => metadata.uid === baseline.machine.uid);
    if (old) return stateOfOld(old);
    const set = await cluster.find(types.MachineSet, { namespace, name: baseline.groupName });
    if (set) return judge(cluster, baseline, { types, set, machines });
  }
  const detail = `MachineSet ${namespace}/${baseline.groupName} is gone, so that no new machine will come`;
  return { status: 'failed', detail };
}

function stateOfOld({ metadata, status }: CapiMachine): ReplacementState {
  const name = `Machine ${metadata.namespace}/${metadata.name}`;
  if (!metadata.deletionTimestamp) {
    return { status: 'requested', detail: `${name} is not being deleted yet` };
  }
  const failed = failureOf({ metadata, status });
  const stage = deletionStage(status.conditions) ?? failed ?? `phase ${status.phase || 'unknown'}`;
  return { status: 'terminating', detail: `${name} is being deleted: ${stage}` };
}

/** v1beta2 says it in one condition; v1beta1 has one that is false for what it waits for. */
function deletionStage(conditions: readonly Condition[]): string | undefined {
  const deleting = conditions.find(({ type, status }) => type === 'Deleting' && status === 'True');
  const waiting = conditions.find(
    ({ type, status }) => /Drain|VolumeDetach|DeleteHook/.test(type) && status === 'False',
  );
  const said = deleting ?? waiting;
  return said ? oneLine(said.message || said.reason || said.type) : undefined;
}

function judge(
  cluster: Cluster,
  baseline: ReplacementBaseline,
  group: { types: ClusterApiTypes; set: CapiMachineSet; machines: readonly CapiMachine[] },
): Promise<ReplacementState> {
  const { set, machines } = group;
  return judgeReplacement(cluster, baseline, {
    text: `MachineSet ${set.metadata.namespace}/${set.metadata.name}`,
    desired: set.spec.replicas,
    readyByProvider: set.status.readyReplicas,
    members: machines
      .filter(({ metadata }) => controllerOf(metadata)?.uid === set.metadata.uid)
      .map(toMember),
  });
}

function toMember(machine: CapiMachine): GroupMember {
  const { metadata, status } = machine;
  return {
    text: `Machine ${metadata.namespace}/${metadata.name}`,
    nodeName: status.nodeRef?.name,
    terminating: metadata.deletionTimestamp !== undefined,
    waitsFor: status.nodeRef ? '' : `is ${status.phase || 'new'}${blockedBy(status.conditions)}`,
    failure: status.nodeRef ? undefined : failureOf(machine),
  };
}

function blockedBy(conditions: readonly Condition[]): string {
  const blocking = conditions.find(
    ({ type, status }) => /^(Bootstrap|Infrastructure)/.test(type) && status === 'False',
  );
  return blocking ? ` (${oneLine(blocking.message || blocking.reason || blocking.type)})` : '';
}

function failureOf({ status }: Pick<CapiMachine, 'status' | 'metadata'>): string | undefined {
  if (status.phase !== 'Failed' && status.failureReason === undefined) return undefined;
  const why = status.failureMessage ?? status.failureReason ?? 'its phase is Failed';
  return `it has failed (${oneLine(why)})`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').slice(0, 200);
}
