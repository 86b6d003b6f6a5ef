import type { Controller, ControlPlane } from '../controllers/controller.ts';
import { ownerController } from '../controllers/owner-controller.ts';
import { shortHash } from '../model/hash.ts';
import {
  MachineDeployment as DeploymentKind,
  Machine as MachineKind,
  MachineSet as SetKind,
} from '../model/kinds.ts';
import type { Machine, MachineDeployment, MachineSet } from '../model/machine-schemas.ts';
import { randomSuffix } from '../model/names.ts';
import { conditionStatus, isTerminating, ownerReference, withCondition } from '../model/objects.ts';
import { deleteObject } from '../registry/deletion.ts';
import { nextNumber } from './node-names.ts';

/** Keeps one MachineSet of the wanted size for each MachineDeployment. */
export function createMachineDeployments(plane: ControlPlane): Controller {
  return ownerController(plane, DeploymentKind, (deployment) => {
    const { store } = plane;
    const [set = createSet(plane, deployment)] = store.ownedBy(SetKind, deployment.metadata.uid);
    const replicas = deployment.spec.replicas ?? 1;
    if (set.spec.replicas !== replicas) {
      store.change(set, (draft) => {
        draft.spec.replicas = replicas;
        draft.metadata.generation = (draft.metadata.generation ?? 1) + 1;
      });
    }
    store.change(deployment, (draft) => {
      draft.status = { ...set.status, observedGeneration: deployment.metadata.generation ?? 1 };
    });
    return undefined;
  });
}

function createSet(plane: ControlPlane, deployment: MachineDeployment): MachineSet {
  const manifest = {
    apiVersion: deployment.apiVersion,
    kind: SetKind.kind,
    metadata: {
      name: `${deployment.metadata.name}-${shortHash(deployment.spec.template, 5)}`,
      labels: { ...deployment.metadata.labels },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: structuredClone(deployment.spec),
  };
  return plane.registry.create(SetKind, manifest, { namespace: deployment.metadata.namespace });
}

/** Keeps as many Machines as each MachineSet wants; one that is being deleted no longer counts. */
export function createMachineSets(plane: ControlPlane): Controller {
  return ownerController(plane, SetKind, (set) => {
    remediate(plane, set);
    adjust(plane, set);
    report(plane, set);
    return undefined;
  });
}

/** Deletes what a MachineHealthCheck has found unhealthy: others are made in its place. */
function remediate(plane: ControlPlane, set: MachineSet): void {
  const { store } = plane;
  for (const machine of liveMachines(plane, set)) {
    const conditions = machine.status?.conditions;
    const isUnhealthy = conditionStatus(conditions, 'HealthCheckSucceeded') === 'False';
    if (!isUnhealthy || conditionStatus(conditions, 'OwnerRemediated') !== 'False') continue;
    const status = { status: 'False', reason: 'MachineDeleting', message: 'Machine is deleting' };
    const marked = store.change(machine, (draft) => {
      const condition = { type: 'OwnerRemediated', ...status };
      const remediated = withCondition(conditions, condition, store.timestamp());
      draft.status = { ...draft.status, conditions: remediated };
    });
    deleteObject(store, { kind: MachineKind, object: marked });
  }
}

function liveMachines(plane: ControlPlane, set: MachineSet): Machine[] {
  const machines = plane.store.ownedBy(MachineKind, set.metadata.uid);
  return machines.filter((machine) => !isTerminating(machine));
}

function adjust(plane: ControlPlane, set: MachineSet): void {
  const machines = liveMachines(plane, set);
  const wanted = set.spec.replicas ?? 1;
  for (let count = machines.length; count < wanted; count += 1) createMachine(plane, set);
  for (const machine of machines.sort(byDeletion).slice(0, Math.max(0, machines.length - wanted))) {
    deleteObject(plane.store, { kind: MachineKind, object: machine });
  }
}

/** Marked for deletion first, then those without a node, then the youngest. */
function byDeletion(a: Machine, b: Machine): number {
  const rank = (machine: Machine) => {
    if (machine.metadata.annotations?.['cluster.x-k8s.io/delete-machine'] !== undefined) return 0;
    return machine.status?.nodeRef === undefined ? 1 : 2;
  };
  return (
    rank(a) - rank(b) || b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp)
  );
}

function createMachine(plane: ControlPlane, set: MachineSet): void {
  const { template } = set.spec;
  const zone = emptiestZone(plane, set);
  const prefix = `${set.metadata.annotations?.['simulation/node-prefix'] ?? set.metadata.name}-${zone.slice(-1)}-`;
  const nodeName = `${prefix}${nextNumber(plane.store, prefix)}`;
  const manifest = {
    apiVersion: set.apiVersion,
    kind: MachineKind.kind,
    metadata: {
      name: `${nodeName}-${randomSuffix(3)}`,
      labels: { ...template.metadata?.labels, 'cluster.x-k8s.io/set-name': set.metadata.name },
      annotations: { ...template.metadata?.annotations, 'simulation/node-name': nodeName },
      finalizers: ['machine.cluster.x-k8s.io'],
      ownerReferences: [ownerReference(set)],
    },
    spec: { ...structuredClone(template.spec), failureDomain: zone },
  };
  plane.registry.create(MachineKind, manifest, { namespace: set.metadata.namespace });
}

/** Where the set has the fewest machines; the machine just deleted leaves its zone the emptiest. */
function emptiestZone(plane: ControlPlane, set: MachineSet): string {
  const counts = new Map<string, number>();
  const share = (zone: string) => Number(zones[zone] ?? 1);
  const zones = zoneShares(set);
  for (const zone of Object.keys(zones)) counts.set(zone, 0);
  for (const machine of liveMachines(plane, set)) {
    const zone = machine.spec.failureDomain ?? '';
    counts.set(zone, (counts.get(zone) ?? 0) + 1);
  }
  const sorted = [...counts].sort(
    ([a, x], [b, y]) => x / share(a) - y / share(b) || a.localeCompare(b),
  );
  return sorted[0]?.[0] ?? 'zone-a';
}

/** `simulation/zones: ap-northeast-2a=2,ap-northeast-2b=3`: how the machines are to be spread. */
function zoneShares(set: MachineSet): Record<string, string> {
  const text = set.metadata.annotations?.['simulation/zones'] ?? 'zone-a=1';
  return Object.fromEntries(
    text.split(',').map((part): [string, string] => {
      const [zone = '', share = '1'] = part.split('=');
      return [zone, share];
    }),
  );
}

function report(plane: ControlPlane, set: MachineSet): void {
  const machines = liveMachines(plane, set);
  const ready = machines.filter(
    (machine) => conditionStatus(machine.status?.conditions, 'Ready') === 'True',
  ).length;
  plane.store.change(set, (draft) => {
    draft.status = {
      ...draft.status,
      replicas: machines.length,
      readyReplicas: ready,
      availableReplicas: ready,
      upToDateReplicas: machines.length,
      observedGeneration: set.metadata.generation ?? 1,
      selector: Object.entries(set.spec.selector.matchLabels ?? {})
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
      conditions: withCondition(
        draft.status?.conditions,
        {
          type: 'MachinesReady',
          status: ready === machines.length ? 'True' : 'False',
          reason: ready === machines.length ? 'Ready' : 'NotReady',
          message: '',
        },
        plane.store.timestamp(),
      ),
    };
  });
}
