import type { ControlPlane } from '../controllers/controller.ts';
import { changeKubelet, kubeletState } from '../kubelet/kubelet-states.ts';
import { Lease, Node as NodeKind } from '../model/kinds.ts';
import type { Condition } from '../model/objects.ts';
import type { Node } from '../model/schemas.ts';
import { infrastructure } from './infrastructure.ts';

export interface NewNode {
  readonly name: string;
  readonly providerId: string;
  readonly zone: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly like: Node | undefined;
  readonly finalizers?: readonly string[];
}

const smallest = { cpu: '4', memory: '16Gi', pods: '110', 'ephemeral-storage': '100Gi' };

/** What a kubelet says before its network is up. */
const booting: Condition = {
  type: 'Ready',
  status: 'False',
  reason: 'KubeletNotReady',
  message:
    'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
};

/** A machine that has booted registers its node, not ready yet. */
export function registerNode(plane: ControlPlane, node: NewNode): void {
  const { like, name } = node;
  const kept = ['topology.kubernetes.io/region', 'node.kubernetes.io/instance-type'];
  const inherited = Object.entries(like?.metadata.labels ?? {}).filter(([key]) =>
    kept.includes(key),
  );
  changeKubelet(plane.store, name, (state) => {
    state.dead = false;
    state.conditions = [booting];
  });
  plane.registry.create(NodeKind, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/os': 'linux',
        'kubernetes.io/hostname': name,
        'topology.kubernetes.io/zone': node.zone,
        ...Object.fromEntries(inherited),
        ...node.labels,
      },
      annotations: node.annotations,
      ...(node.finalizers === undefined ? {} : { finalizers: [...node.finalizers] }),
    },
    spec: { providerID: node.providerId },
    status: {
      capacity: like?.status?.capacity ?? smallest,
      allocatable: like?.status?.allocatable ?? smallest,
      conditions: [{ ...booting, lastTransitionTime: plane.store.timestamp() }],
      addresses: [
        { type: 'InternalIP', address: '127.0.0.1' },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: like?.status?.['nodeInfo'] ?? {},
    },
  });
}

/** The share of the boot after which the node registers; it is Ready at the end. */
const registersAt = 0.7;

export interface Boot {
  /** Of the node. */
  readonly name: string;
  readonly elapsedMs: number;
  register(): void;
}

/**
 * One step on the way from an instance that has been started to a node that is Ready. Returns when to look again, in
 * milliseconds; never where the infrastructure lets it come no further.
 */
export function bringUp(plane: ControlPlane, boot: Boot): number | undefined {
  const { store, timings } = plane;
  const { arrival } = infrastructure(store);
  const registerMs = timings.machineBootMs * registersAt;
  if (store.get(NodeKind, boot.name) === undefined) {
    if (arrival === 'never-joins') return undefined;
    if (boot.elapsedMs < registerMs) return registerMs - boot.elapsedMs;
    boot.register();
  }
  if (arrival === 'never-ready') return undefined;
  if (boot.elapsedMs < timings.machineBootMs) return timings.machineBootMs - boot.elapsedMs;
  finishBoot(plane, boot.name);
  return undefined;
}

/** The node's network is up: its kubelet says what it usually says. */
function finishBoot(plane: ControlPlane, name: string): void {
  const isBooting = (condition: Condition) => condition.message === booting.message;
  if (!kubeletState(plane.store, name).conditions.some(isBooting)) return;
  changeKubelet(plane.store, name, (state) => {
    state.conditions = state.conditions.filter((condition) => !isBooting(condition));
  });
}

/** The machine is off: no kubelet, no Node, no Lease. */
export function switchOff(plane: ControlPlane, name: string): void {
  const { store } = plane;
  changeKubelet(store, name, (state) => {
    state.dead = true;
  });
  const node = store.get(NodeKind, name);
  if (node !== undefined) store.remove(node);
  const lease = store.get(Lease, name, 'kube-node-lease');
  if (lease !== undefined) store.remove(lease);
}
