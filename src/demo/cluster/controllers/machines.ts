import { Machine as MachineKind, Node as NodeKind } from '../model/kinds.ts';
import type { Machine } from '../model/machine-schemas.ts';
import {
  type Condition,
  conditionStatus,
  controllerOf,
  isTerminating,
  withCondition,
} from '../model/objects.ts';
import type { Change } from '../storage/history.ts';
import { keyOf, type Store } from '../storage/store.ts';
import { asKind, type Controller, type ControlPlane, splitKey } from './controller.ts';
import { dropFinalizer } from './garbage-collector.ts';
import { finishBoot, registerNode, switchOff } from './machine-nodes.ts';

const finalizer = 'machine.cluster.x-k8s.io';
/** The share of the boot after which the node registers; it is Ready at the end. */
const registersAt = 0.7;

/** Boots a node for each Machine, and switches it off when the Machine is deleted. */
export function createMachines(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  const since = new Map<string, number>();
  return {
    delayMs: timings.controllerMs,
    kinds: [MachineKind],
    keysOf: (change) => machinesOf(store, change),
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const machine = store.get(MachineKind, name, namespace);
      if (machine === undefined) return undefined;
      const stage = `${machine.metadata.uid}/${isTerminating(machine)}`;
      const now = store.clock.now();
      const started = since.get(stage) ?? now;
      since.set(stage, started);
      const elapsed = now - started;
      return isTerminating(machine) ? stop(plane, machine, elapsed) : boot(plane, machine, elapsed);
    },
  };
}

/** A Machine, or that of a node that has changed. */
function machinesOf(store: Store, change: Change): string[] {
  if (change.object.kind === MachineKind.kind) return [keyOf(change.object)];
  const annotations = asKind(NodeKind, change)?.metadata.annotations;
  const name = annotations?.['cluster.x-k8s.io/machine'];
  const namespace = annotations?.['cluster.x-k8s.io/cluster-namespace'];
  const machine = name === undefined ? undefined : store.get(MachineKind, name, namespace);
  return machine === undefined ? [] : [keyOf(machine)];
}

function nodeNameOf(machine: Machine): string {
  const planned = machine.metadata.annotations?.['simulation/node-name'];
  return machine.status?.nodeRef?.name ?? planned ?? machine.metadata.name;
}

/** Deletes the node with the machine. It does not drain: who deletes a Machine here has drained. */
function stop(plane: ControlPlane, machine: Machine, elapsed: number): number | undefined {
  setStatus(plane, machine, { phase: 'Deleting', ready: false });
  const left = plane.timings.machineStopMs - elapsed;
  if (left > 0) return left;
  switchOff(plane, nodeNameOf(machine));
  const current = plane.store.get(MachineKind, machine.metadata.name, machine.metadata.namespace);
  if (current !== undefined) dropFinalizer(plane.store, current, finalizer);
  return undefined;
}

function boot(plane: ControlPlane, machine: Machine, elapsed: number): number | undefined {
  const { store, timings } = plane;
  if (!machine.metadata.finalizers?.includes(finalizer)) {
    store.change(machine, (draft) => {
      draft.metadata.finalizers = [...(draft.metadata.finalizers ?? []), finalizer];
    });
    return 0;
  }
  const name = nodeNameOf(machine);
  const node = store.get(NodeKind, name);
  const ready = conditionStatus(node?.status?.conditions, 'Ready') === 'True';
  if (ready || machine.status?.phase === 'Running') {
    setStatus(plane, machine, { phase: 'Running', ready });
    return undefined;
  }
  const phase = node === undefined ? 'Provisioning' : 'Provisioned';
  setStatus(plane, machine, { phase, ready: false });
  const registerMs = timings.machineBootMs * registersAt;
  if (elapsed < registerMs) return registerMs - elapsed;
  if (node === undefined) register(plane, machine);
  if (elapsed < timings.machineBootMs) return timings.machineBootMs - elapsed;
  finishBoot(plane, name);
  return undefined;
}

function register(plane: ControlPlane, machine: Machine): void {
  const { store } = plane;
  const owner = controllerOf(machine);
  const siblings = store.ownedBy(MachineKind, owner?.uid ?? '');
  const like = siblings
    .map((sibling) => store.get(NodeKind, nodeNameOf(sibling)))
    .find((node) => node !== undefined);
  const { namespace = '', name, labels = {} } = machine.metadata;
  const pool = labels['cluster.x-k8s.io/deployment-name'];
  registerNode(plane, {
    name: nodeNameOf(machine),
    providerId: machine.spec.providerID ?? '',
    zone: machine.spec.failureDomain ?? '',
    labels: pool === undefined ? {} : { pool, 'node-role.kubernetes.io/worker': '' },
    annotations: {
      'cluster.x-k8s.io/cluster-name': machine.spec.clusterName,
      'cluster.x-k8s.io/cluster-namespace': namespace,
      'cluster.x-k8s.io/machine': name,
      ...(owner === undefined
        ? {}
        : { 'cluster.x-k8s.io/owner-kind': owner.kind, 'cluster.x-k8s.io/owner-name': owner.name }),
    },
    like,
  });
}

function setStatus(
  plane: ControlPlane,
  machine: Machine,
  state: { readonly phase: string; readonly ready: boolean },
): void {
  const { phase, ready } = state;
  plane.store.change(machine, (draft) => {
    const nodeRef = phase === 'Running' ? { name: nodeNameOf(machine) } : draft.status?.nodeRef;
    const before: Condition[] = draft.status?.conditions ?? [];
    draft.status = {
      ...draft.status,
      phase,
      ...(nodeRef === undefined ? {} : { nodeRef }),
      conditions: withCondition(
        before,
        {
          type: 'Ready',
          status: ready ? 'True' : 'False',
          reason: ready ? 'Ready' : 'NotReady',
          message: '',
        },
        plane.store.timestamp(),
      ),
    };
  });
}
