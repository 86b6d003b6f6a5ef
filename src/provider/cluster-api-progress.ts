import type { Cluster } from '../kubernetes/kubernetes.ts';
import {
  type CapiMachine,
  type CapiMachineSet,
  type ClusterApiTypes,
  clusterApiVersions,
} from '../kubernetes/resources/machine.ts';
import { type Condition, controllerOf } from '../kubernetes/resources/metadata.ts';
import { conditionOf, conditionText, oneLine } from './condition-text.ts';
import { type GroupMember, judgeReplacement } from './judge-replacement.ts';
import type { ReplacementBaseline, ReplacementState } from './provider.ts';

const MACHINE_FINALIZER = 'machine.cluster.x-k8s.io';

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
  const stage = deletionStage(status.conditions);
  const said = stage ? conditionText(stage) : failureOf({ metadata, status });
  const held = metadata.finalizers.filter((finalizer) => finalizer !== MACHINE_FINALIZER);
  const others = held.length > 0 ? `; finalizers of others hold it: ${held.join(', ')}` : '';
  return {
    status: 'terminating',
    detail: `${name} is being deleted: ${said ?? `phase ${status.phase || 'unknown'}`}${others}`,
    next: nextForDeletion(name, stage?.reason ?? '', held),
  };
}

function nextForDeletion(name: string, stage: string, held: readonly string[]): string {
  if (stage.endsWith('Hook')) {
    return `Ask the owner of the hook to finish, or take its annotation off ${name}: the deletion then goes on by itself.`;
  }
  if (stage.startsWith('Drain')) {
    return 'Let the pods that it names go (a budget that gives way, a pod that is deleted): the deletion then goes on by itself.';
  }
  if (stage.includes('Infrastructure')) {
    return `End the instance of ${name} at the cloud, or see why its controller cannot: the deletion then goes on by itself.`;
  }
  if (held.length > 0) return `Ask whoever owns ${held.join(', ')} to let ${name} go.`;
  return `Look at ${name} and the log of Cluster API: the deletion goes on by itself once it can.`;
}

/** v1beta2 says it in one condition; v1beta1 has one that is false for what it waits for. */
function deletionStage(conditions: readonly Condition[]): Condition | undefined {
  const deleting = conditions.find(({ type, status }) => type === 'Deleting' && status === 'True');
  const waiting = conditions.find(
    ({ type, status }) => /Drain|VolumeDetach|DeleteHook/.test(type) && status === 'False',
  );
  return deleting ?? waiting;
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
    next: nextForArrival(machine),
    failure: status.nodeRef ? undefined : failureOf(machine),
  };
}

function blockedBy(conditions: readonly Condition[]): string {
  const blocking =
    conditions.find(
      ({ type, status }) => /^(Bootstrap|Infrastructure)/.test(type) && status === 'False',
    ) ?? conditions.find(({ type, status }) => type === 'NodeHealthy' && status !== 'True');
  return blocking ? ` (${conditionText(blocking)})` : '';
}

function nextForArrival({ metadata, status }: CapiMachine): string {
  const name = `Machine ${metadata.namespace}/${metadata.name}`;
  if (conditionOf(status.conditions, 'InfrastructureReady')?.status === 'False') {
    return `See that the cloud can make ${name} (capacity, quota, rights): it goes on by itself then.`;
  }
  return `Look why the instance of ${name} does not join (its boot log, the network, its bootstrap data), or delete ${name} for another to be made.`;
}

function failureOf({ status }: Pick<CapiMachine, 'status' | 'metadata'>): string | undefined {
  const { failureReason, failureMessage } = { ...status.deprecated?.v1beta1, ...status };
  if (status.phase !== 'Failed' && failureReason === undefined) return undefined;
  const why = [failureReason, failureMessage].filter((part) => part !== undefined).join(': ');
  return `it has failed (${oneLine(why || 'its phase is Failed')})`;
}
