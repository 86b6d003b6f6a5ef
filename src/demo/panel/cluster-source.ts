import type { World } from '../cluster/world.ts';
import type {
  BudgetView,
  ClusterSource,
  NodeState,
  NodeView,
  PodState,
} from '../workspace/page-server/cluster-view.ts';
import { isOrdinary, machineStates, nodeStates } from './node-view.ts';
import { podState, podView } from './pod-view.ts';
import { parsedOnce, SeenBudget, SeenMachine, SeenNode, SeenPod } from './seen-objects.ts';

/** More than this on one screen is not seen any more; the rest is counted. */
const MAX_NODES = 24;
const MAX_PODS_OF_A_NODE = 40;
const MAX_BUDGETS = 12;

interface Place {
  readonly id: string;
  readonly name: string;
  readonly states: readonly NodeState[];
}

/** What the page shows of a simulated cluster. */
export function clusterSource(cluster: {
  readonly name: string;
  readonly world: Pick<World, 'list'>;
}): ClusterSource {
  const { name, world } = cluster;
  const node = parsedOnce(SeenNode);
  const pod = parsedOnce(SeenPod);
  const budget = parsedOnce(SeenBudget);
  const machine = parsedOnce(SeenMachine);
  return {
    name,
    read: () => {
      const nodes = world.list('Node').map(node);
      const pods = world.list('Pod').map(pod);
      const machines = [...world.list('Machine'), ...world.list('NodeClaim')].map(machine);
      const budgets = world.list('PodDisruptionBudget').map(budget);
      const onNode = Map.groupBy(pods, ({ spec }) => spec.nodeName ?? '');
      return {
        nodes: places(nodes, machines, onNode.has('')).map((place) =>
          nodeView(place, onNode.get(place.name) ?? []),
        ),
        budgets: budgets.map(budgetView).sort(tightestFirst).slice(0, MAX_BUDGETS),
        totals: { nodes: nodes.length, budgets: budgets.length, pods: counted(pods) },
      };
    },
  };
}

/** Where pods are or will be, by name; where there are too many, those with something to say. */
function places(
  nodes: readonly SeenNode[],
  machines: readonly SeenMachine[],
  isWaiting: boolean,
): Place[] {
  const machineOf = new Map(machines.map((each) => [nodeNameOf(each), each]));
  const now = Date.now();
  const known = nodes.map((node): Place => {
    const { uid: id, name } = node.metadata;
    return { id, name, states: nodeStates(node, machineOf.get(name), now) };
  });
  const names = new Set(known.map(({ name }) => name));
  const coming = machines
    .filter((machine) => !names.has(nodeNameOf(machine)))
    .map((machine): Place => {
      const { uid: id } = machine.metadata;
      return { id, name: nodeNameOf(machine), states: machineStates(machine) };
    });
  const nowhere: Place = { id: 'waiting', name: '', states: ['no node yet'] };
  const all = [...known, ...coming, ...(isWaiting ? [nowhere] : [])];
  if (all.length > MAX_NODES) return firstOf(all, MAX_NODES, ({ states }) => !isOrdinary(states));
  return all.sort((a, b) => (a.name === '' ? 1 : b.name === '' ? -1 : compare(a.name, b.name)));
}

/** As many as there is room for, those of interest first. */
function firstOf<Item>(
  items: readonly Item[],
  room: number,
  isOfInterest: (item: Item) => boolean,
): Item[] {
  const { of = [], other = [] } = Object.groupBy(items, (item) =>
    isOfInterest(item) ? 'of' : 'other',
  );
  return [...of, ...other].slice(0, room);
}

/** A machine without a node has the name its node is going to have, where that is known. */
function nodeNameOf({ metadata, status }: SeenMachine): string {
  const told = metadata.annotations['simulation/node-name'];
  return status.nodeRef?.name ?? status.nodeName ?? told ?? metadata.name;
}

function nodeView(place: Place, pods: readonly SeenPod[]): NodeView {
  const shown =
    pods.length > MAX_PODS_OF_A_NODE
      ? firstOf(pods, MAX_PODS_OF_A_NODE, (pod) => podState(pod) !== 'running')
      : pods;
  return { ...place, pods: shown.map(podView), morePods: pods.length - shown.length };
}

function budgetView({ metadata, status }: SeenBudget): BudgetView {
  return {
    name: `${metadata.namespace}/${metadata.name}`,
    needs: status.desiredHealthy,
    has: status.currentHealthy,
    mayGo: status.disruptionsAllowed,
  };
}

function tightestFirst(a: BudgetView, b: BudgetView): number {
  return a.mayGo - b.mayGo || compare(a.name, b.name);
}

function counted(pods: readonly SeenPod[]): Record<PodState, number> {
  const counts = {
    waiting: 0,
    starting: 0,
    running: 0,
    'not ready': 0,
    leaving: 0,
    done: 0,
    failed: 0,
  };
  for (const pod of pods) counts[podState(pod)] += 1;
  return counts;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
