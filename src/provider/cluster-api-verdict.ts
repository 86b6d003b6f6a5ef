import type { Cluster } from '../kubernetes/kubernetes.ts';
import type {
  CapiMachine,
  CapiMachineSet,
  ClusterApiTypes,
} from '../kubernetes/resources/machine.ts';
import { controllerOf, type Metadata } from '../kubernetes/resources/metadata.ts';

const PAUSED_ANNOTATION = 'cluster.x-k8s.io/paused';
const CONTROL_PLANE_LABEL = 'cluster.x-k8s.io/control-plane';
const NO_DRAIN_ANNOTATION = 'machine.cluster.x-k8s.io/exclude-node-draining';
const DELETE_HOOK = /^(pre-drain|pre-terminate)\.delete\.hook\.machine\.cluster\.x-k8s\.io/;

export interface MachineInSet {
  readonly types: ClusterApiTypes;
  readonly machine: CapiMachine;
  readonly machineSet: CapiMachineSet | undefined;
}

/** Why this Machine must not be deleted, each with the way out. */
export async function refusalsOf(cluster: Cluster, subject: MachineInSet): Promise<string[]> {
  const { types, machine, machineSet } = subject;
  const { metadata, spec } = machine;
  const refusals: string[] = [];
  if (metadata.deletionTimestamp) {
    refusals.push(`Machine ${metadata.name} is being deleted already; wait until it is gone`);
  }
  if (isPaused(metadata)) {
    refusals.push(`Machine ${metadata.name} is paused: its controller does nothing; unpause it`);
  }
  const owner = await cluster.find(types.Cluster, {
    namespace: metadata.namespace,
    name: spec.clusterName,
  });
  if (owner && (owner.spec.paused || isPaused(owner.metadata))) {
    refusals.push(`Cluster ${spec.clusterName} is paused: its controllers do nothing; unpause it`);
  }
  refusals.push(...ownerRefusals(machine, machineSet));
  if (machineSet) refusals.push(...(await shrinkRefusals(cluster, types, machineSet)));
  return refusals;
}

function ownerRefusals(machine: CapiMachine, machineSet: CapiMachineSet | undefined): string[] {
  const controller = controllerOf(machine.metadata);
  if (controller?.kind.endsWith('ControlPlane') || CONTROL_PLANE_LABEL in machine.metadata.labels) {
    const by = controller ? `${controller.kind} ${controller.name}` : 'a control plane';
    return [`it belongs to ${by}: control-plane machines are replaced by their own rollout only`];
  }
  if (machineSet) return [];
  const why =
    controller?.kind === 'MachineSet'
      ? `its MachineSet ${controller.name} does not exist`
      : 'no MachineSet owns it';
  return [`${why}, so that nothing would make a new one; replace it by hand`];
}

async function shrinkRefusals(
  cluster: Cluster,
  types: ClusterApiTypes,
  machineSet: CapiMachineSet,
): Promise<string[]> {
  const { name, deletionTimestamp } = machineSet.metadata;
  if (deletionTimestamp) {
    return [`MachineSet ${name} is being deleted, so that nothing would make a new one`];
  }
  const machines = await machinesOf(cluster, types, machineSet);
  const wanted = machineSet.spec.replicas;
  if (machines.length <= wanted) return [];
  const text = `MachineSet ${name} is being scaled down from ${machines.length} to ${wanted}`;
  return [`${text}: a deleted machine would not come back; wait until that is done`];
}

/** Its machines that are not being deleted. */
async function machinesOf(
  cluster: Cluster,
  types: ClusterApiTypes,
  { metadata }: CapiMachineSet,
): Promise<CapiMachine[]> {
  const { namespace } = metadata;
  const machines = await cluster.list(types.Machine, namespace === undefined ? {} : { namespace });
  return machines.filter(
    (machine) =>
      controllerOf(machine.metadata)?.uid === metadata.uid && !machine.metadata.deletionTimestamp,
  );
}

/** What the approver should know. */
export async function warningsOf(cluster: Cluster, subject: MachineInSet): Promise<string[]> {
  const { machine } = subject;
  const warnings: string[] = [];
  for (const [key, value] of Object.entries(machine.metadata.annotations)) {
    if (!DELETE_HOOK.test(key)) continue;
    const owner = value ? ` of ${value}` : '';
    warnings.push(`its deletion waits for the hook ${key}${owner}`);
  }
  if (NO_DRAIN_ANNOTATION in machine.metadata.annotations) {
    warnings.push('it is excluded from draining: pods still on it end without their budgets');
  }
  const timeout = drainTimeout(machine);
  if (timeout !== undefined) {
    warnings.push(`after ${timeout} of draining Cluster API ends it whatever the budgets say`);
  }
  const rollout = await rolloutOf(cluster, subject);
  if (rollout !== undefined) warnings.push(rollout);
  return warnings;
}

function drainTimeout({ spec }: CapiMachine): string | undefined {
  const seconds = spec.deletion?.nodeDrainTimeoutSeconds;
  if (seconds !== undefined && seconds > 0) return `${seconds} s`;
  // v1beta1 writes no timeout as 0s.
  return spec.nodeDrainTimeout === '0s' ? undefined : spec.nodeDrainTimeout;
}

async function rolloutOf(
  cluster: Cluster,
  { types, machineSet }: MachineInSet,
): Promise<string | undefined> {
  const owner = machineSet ? controllerOf(machineSet.metadata) : undefined;
  if (!machineSet || owner?.kind !== 'MachineDeployment') return undefined;
  const { namespace } = machineSet.metadata;
  const deployment = await cluster.find(types.MachineDeployment, { namespace, name: owner.name });
  if (!deployment) return undefined;
  const { replicas, upToDateReplicas, updatedReplicas } = deployment.status;
  const upToDate = upToDateReplicas ?? updatedReplicas ?? replicas;
  if (upToDate >= replicas) return undefined;
  return `MachineDeployment ${owner.name} is rolling out (${upToDate} of ${replicas} machines are up to date): the new machine may come in another MachineSet`;
}

function isPaused({ annotations }: Metadata): boolean {
  return PAUSED_ANNOTATION in annotations;
}
