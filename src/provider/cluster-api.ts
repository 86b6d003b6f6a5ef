import type { Json } from '../json.ts';
import { type Cluster, isKubernetesError } from '../kubernetes/kubernetes.ts';
import {
  type CapiMachine,
  type ClusterApiTypes,
  clusterApiVersions,
} from '../kubernetes/resources/machine.ts';
import { controllerOf } from '../kubernetes/resources/metadata.ts';
import type { Node } from '../kubernetes/resources/node.ts';
import { pollClusterApi } from './cluster-api-progress.ts';
import { type MachineInSet, refusalsOf, warningsOf } from './cluster-api-verdict.ts';
import type { MachineProvider, OwnedMachine, ReplacementRequest } from './provider.ts';
import { ProviderRefusedError } from './provider-error.ts';

/** Written on each Node by the Machine controller. */
export const MACHINE_ANNOTATION = 'cluster.x-k8s.io/machine';
const NAMESPACE_ANNOTATION = 'cluster.x-k8s.io/cluster-namespace';

/**
 * Replaces a node by deleting its Machine: the MachineSet makes a new one, the Machine controller drains and ends the old.
 * Knows Machines that live in the same cluster as their nodes; a separate management cluster is out of its sight.
 * @see https://cluster-api.sigs.k8s.io/tasks/automated-machine-management/machine_deletions
 */
export const clusterApi: MachineProvider = {
  name: 'cluster-api',

  async find(cluster, node) {
    const found = await findMachine(cluster, node);
    if (!found) return undefined;
    const refusals = await refusalsOf(cluster, found);
    return { ...describe(found), warnings: await warningsOf(cluster, found), refusals };
  },

  async replace(cluster, request): Promise<Json> {
    const { namespace, name, uid } = request.machine.object;
    const machine = `${namespace}/${name}`;
    const found = await current(cluster, request);
    if (!found || found.machine.metadata.deletionTimestamp)
      return { machine, uid, result: 'already' };
    const refusals = await refusalsOf(cluster, found);
    if (refusals.length > 0) throw new ProviderRefusedError(`Machine ${machine}`, refusals);
    try {
      await cluster.delete(found.types.Machine, { ...pick(found.machine), uid });
    } catch (error) {
      // Gone, or replaced by a namesake, since we looked.
      if (isKubernetesError(error) && (error.status === 404 || error.status === 409)) {
        return { machine, uid, result: 'already' };
      }
      throw error;
    }
    return { machine, uid, result: 'deleted' };
  },

  async replaced(cluster, request) {
    const found = await current(cluster, request);
    return !found || found.machine.metadata.deletionTimestamp !== undefined;
  },

  poll: pollClusterApi,
};

/** The Machine that was approved, if it is still there: same name, same UID. */
async function current(
  cluster: Cluster,
  request: ReplacementRequest,
): Promise<MachineInSet | undefined> {
  const { namespace, name, uid } = request.machine.object;
  for (const types of clusterApiVersions) {
    const machine = await cluster.find(types.Machine, { namespace, name });
    if (machine) return machine.metadata.uid === uid ? withSet(cluster, types, machine) : undefined;
  }
  return undefined;
}

async function findMachine(cluster: Cluster, node: Node): Promise<MachineInSet | undefined> {
  const { annotations } = node.metadata;
  const name = annotations[MACHINE_ANNOTATION];
  const namespace = annotations[NAMESPACE_ANNOTATION];
  for (const types of clusterApiVersions) {
    const candidates =
      name !== undefined && namespace !== undefined
        ? [await cluster.find(types.Machine, { namespace, name })]
        : await cluster.list(types.Machine);
    const machine = candidates.find((candidate) => candidate && isBehind(candidate, node));
    if (machine) return withSet(cluster, types, machine);
  }
  return undefined;
}

/** Annotations are copied with machine images and survive renames: the Machine itself must agree. */
function isBehind({ spec, status }: CapiMachine, node: Node): boolean {
  if (status.nodeRef) return status.nodeRef.name === node.metadata.name;
  return spec.providerID !== undefined && spec.providerID === node.spec.providerID;
}

async function withSet(
  cluster: Cluster,
  types: ClusterApiTypes,
  machine: CapiMachine,
): Promise<MachineInSet> {
  const owner = controllerOf(machine.metadata);
  const { namespace } = machine.metadata;
  const machineSet =
    owner?.kind === 'MachineSet'
      ? await cluster.find(types.MachineSet, { namespace, name: owner.name })
      : undefined;
  return { types, machine, machineSet };
}

function describe({
  machine,
  machineSet,
}: MachineInSet): Pick<OwnedMachine, 'object' | 'needs' | 'group' | 'how' | 'deletingSince'> {
  const { name, namespace, uid, deletionTimestamp } = machine.metadata;
  const place = namespace === undefined ? {} : { namespace };
  const desired = machineSet?.spec.replicas ?? 0;
  const group = machineSet?.metadata.name ?? 'none';
  return {
    ...(deletionTimestamp === undefined ? {} : { deletingSince: Date.parse(deletionTimestamp) }),
    object: { kind: 'Machine', name, uid, ...place },
    needs: { verb: 'delete', group: 'cluster.x-k8s.io', resource: 'machines', ...place },
    group: { name: group, desired, current: machineSet?.status.readyReplicas ?? 0 },
    how: `Machine ${namespace}/${name} is deleted, then MachineSet ${namespace}/${group} makes a new one; until that is Ready it has ${Math.max(0, desired - 1)} of ${desired} nodes`,
  };
}

function pick({ metadata }: CapiMachine): { name: string; namespace: string | undefined } {
  return { name: metadata.name, namespace: metadata.namespace };
}
