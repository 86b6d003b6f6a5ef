import { asKind, type Controller, type ControlPlane, splitKey } from '../controllers/controller.ts';
import { InfrastructureState, Machine as MachineKind, Node as NodeKind } from '../model/kinds.ts';
import type { Machine } from '../model/machine-schemas.ts';
import { controllerOf, isTerminating } from '../model/objects.ts';
import type { Node } from '../model/schemas.ts';
import type { Change } from '../storage/history.ts';
import { keyOf, type Store } from '../storage/store.ts';
import { endMachine } from './end-machine.ts';
import { infrastructure, noCapacityText } from './infrastructure.ts';
import { bringUp, registerNode } from './machine-nodes.ts';
import { infrastructureKind, reportMachine, type Why } from './machine-status.ts';
import { ensureFinalizer, nodeNameOf } from './planned-node.ts';
import { Stopwatch } from './stopwatch.ts';

/** The share of the boot after which the instance is there. */
const provisionedAt = 0.4;

/** Boots a node for each Machine; drains it and switches it off when the Machine is deleted. */
export function createMachines(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  const stopwatch = new Stopwatch(store.clock);
  return {
    delayMs: timings.controllerMs,
    kinds: [MachineKind],
    keysOf: (change) => machinesOf(store, change),
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const machine = store.get(MachineKind, name, namespace);
      if (machine === undefined) return undefined;
      if (isTerminating(machine)) return endMachine(plane, machine, stopwatch);
      if (ensureFinalizer(store, machine, 'machine.cluster.x-k8s.io')) return 0;
      return boot(plane, machine, stopwatch.elapsedMs(machine.metadata.uid));
    },
  };
}

/** A Machine, or that of a node that has changed; all when the infrastructure has. */
function machinesOf(store: Store, change: Change): string[] {
  if (change.object.kind === MachineKind.kind) return [keyOf(change.object)];
  if (change.object.kind === InfrastructureState.kind) return store.list(MachineKind).map(keyOf);
  const annotations = asKind(NodeKind, change)?.metadata.annotations;
  const name = annotations?.['cluster.x-k8s.io/machine'];
  const namespace = annotations?.['cluster.x-k8s.io/cluster-namespace'];
  const machine = name === undefined ? undefined : store.get(MachineKind, name, namespace);
  return machine === undefined ? [] : [keyOf(machine)];
}

function boot(plane: ControlPlane, machine: Machine, elapsedMs: number): number | undefined {
  const { store, timings } = plane;
  const name = nodeNameOf(machine);
  const node = store.get(NodeKind, name);
  if (machine.spec.providerID === undefined) {
    const why = whyNoInstance(store, machine);
    reportMachine(plane, machine, { node, ...why });
    if (why.isStuck) return undefined;
    const leftMs = timings.machineBootMs * provisionedAt - elapsedMs;
    if (leftMs > 0) return leftMs;
    store.change(machine, (draft) => {
      draft.spec.providerID = `simulated:///${machine.spec.failureDomain ?? ''}/${name}`;
    });
    return 0;
  }
  const reported = reportMachine(plane, machine, { node });
  const hasJoined = machine.status?.nodeRef !== undefined;
  // A node that was deleted under its machine does not come back.
  if (hasJoined && node === undefined) return undefined;
  return bringUp(plane, { name, elapsedMs, register: () => register(plane, reported) });
}

function whyNoInstance(
  store: Store,
  { spec }: Machine,
): { readonly isStuck: boolean; readonly noInstance: Why; readonly failure?: Why } {
  const { arrival } = infrastructure(store);
  const message = `failed to create instance: ${noCapacityText(spec.failureDomain ?? '')}`;
  switch (arrival) {
    case 'no-capacity':
      return { isStuck: true, noInstance: { reason: 'InstanceProvisionFailed', message } };
    case 'fails': {
      const why = { reason: 'InstanceProvisionFailed', message };
      return { isStuck: true, noInstance: why, failure: { reason: 'CreateError', message } };
    }
    default: {
      const waiting = `${infrastructureKind} status.initialization.provisioned is false`;
      return { isStuck: false, noInstance: { reason: 'NotReady', message: waiting } };
    }
  }
}

function register(plane: ControlPlane, machine: Machine): void {
  const owner = controllerOf(machine);
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
    like: siblingNode(plane.store, owner?.uid ?? ''),
  });
}

/** The node of another machine of the set: the new one is as large. */
function siblingNode(store: Store, owner: string): Node | undefined {
  return store
    .ownedBy(MachineKind, owner)
    .map((sibling) => store.get(NodeKind, nodeNameOf(sibling)))
    .find((node) => node !== undefined);
}
