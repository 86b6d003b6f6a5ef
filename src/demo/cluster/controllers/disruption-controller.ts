import {
  Budget as BudgetKind,
  Deployment,
  Pod as PodKind,
  ReplicaSet,
  StatefulSet,
} from '../model/kinds.ts';
import { conditionStatus, controllerOf, isTerminating, withCondition } from '../model/objects.ts';
import { scaledValue } from '../model/quantities.ts';
import type { Budget, Pod } from '../model/schemas.ts';
import { selects } from '../model/selectors.ts';
import type { Change } from '../storage/history.ts';
import { keyOf, type Store } from '../storage/store.ts';
import { type Controller, type ControlPlane, splitKey } from './controller.ts';

/** How long an eviction that was charged may take to show before the budget gets its disruption back. */
const disruptionTimeoutSeconds = 120;

/** Counts the pods of each disruption budget, and says how many may go. */
export function createDisruptionController(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  return {
    delayMs: timings.budgetDelayMs,
    kinds: [BudgetKind],
    keysOf: (change) => budgetsOf(store, change),
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const budget = store.get(BudgetKind, name, namespace);
      if (budget === undefined || isTerminating(budget)) return undefined;
      return recount(plane, budget);
    },
  };
}

function budgetsOf(store: Store, change: Change): string[] {
  const { kind, metadata } = change.object;
  if (kind === BudgetKind.kind) return [keyOf(change.object)];
  const counted = [PodKind, ReplicaSet, StatefulSet, Deployment].some((each) => each.kind === kind);
  if (!counted || metadata.namespace === undefined) return [];
  const labels = [change.object, change.before].map((object) => object?.metadata.labels);
  return store
    .list(BudgetKind, metadata.namespace)
    .filter(
      (budget) =>
        kind !== PodKind.kind || labels.some((each) => each && selects(budget.spec.selector, each)),
    )
    .map(keyOf);
}

function recount(plane: ControlPlane, budget: Budget): number | undefined {
  const { store } = plane;
  const pods = store
    .list(PodKind, budget.metadata.namespace)
    .filter((pod) => selects(budget.spec.selector, pod.metadata.labels));
  const disrupted = stillDisrupted(plane, budget, pods);
  const count = expected(store, budget, pods);
  if ('failure' in count) {
    failSafe(store, budget, count.failure);
    return undefined;
  }
  const currentHealthy = pods.filter((pod) => isHealthy(pod) && !disrupted.has(pod.metadata.name));
  writeStatus(store, budget, { ...count, currentHealthy: currentHealthy.length, disrupted });
  const soonest = Math.min(...[...disrupted.values()].map((each) => each.leftMs));
  return Number.isFinite(soonest) ? soonest + 1 : undefined;
}

function isHealthy(pod: Pod): boolean {
  return !isTerminating(pod) && conditionStatus(pod.status?.conditions, 'Ready') === 'True';
}

interface Disruption {
  readonly at: string;
  readonly leftMs: number;
}

/** Charged evictions whose pod is still there and not yet deleted: they count until they show or time out. */
function stillDisrupted(
  plane: ControlPlane,
  budget: Budget,
  pods: readonly Pod[],
): Map<string, Disruption> {
  const present = new Map(pods.map((pod) => [pod.metadata.name, pod]));
  const disrupted = new Map<string, Disruption>();
  for (const [name, at] of Object.entries(budget.status?.disruptedPods ?? {})) {
    const pod = present.get(name);
    const timeoutMs = disruptionTimeoutSeconds * plane.timings.secondMs;
    const leftMs = Date.parse(at) + timeoutMs - plane.store.clock.now();
    if (pod !== undefined && !isTerminating(pod) && leftMs > 0) disrupted.set(name, { at, leftMs });
  }
  return disrupted;
}

type Expectation =
  | { readonly expectedPods: number; readonly desiredHealthy: number }
  | { readonly failure: string };

function expected(store: Store, budget: Budget, pods: readonly Pod[]): Expectation {
  const { minAvailable, maxUnavailable } = budget.spec;
  if (typeof minAvailable === 'number') {
    return { expectedPods: pods.length, desiredHealthy: minAvailable };
  }
  const scale = scaleOf(store, pods);
  if (typeof scale !== 'number') return scale;
  if (minAvailable !== undefined) {
    return { expectedPods: scale, desiredHealthy: scaledValue(minAvailable, scale) };
  }
  const unavailable = scaledValue(maxUnavailable ?? 0, scale);
  return { expectedPods: scale, desiredHealthy: Math.max(0, scale - unavailable) };
}

/** The sum of what the controllers of the pods want; pods without a controller do not count. */
function scaleOf(store: Store, pods: readonly Pod[]): number | { failure: string } {
  const scales = new Map<string, number>();
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (owner === undefined || scales.has(owner.uid)) continue;
    const scale = scaleOfOwner(store, owner.kind, {
      name: owner.name,
      namespace: pod.metadata.namespace ?? '',
    });
    if (scale === undefined) {
      return { failure: `found no controllers for pod "${pod.metadata.name}"` };
    }
    scales.set(scale.uid, scale.replicas);
  }
  let sum = 0;
  for (const replicas of scales.values()) sum += replicas;
  return sum;
}

function scaleOfOwner(
  store: Store,
  kind: string,
  owner: { readonly name: string; readonly namespace: string },
): { uid: string; replicas: number } | undefined {
  const { name, namespace } = owner;
  if (kind === StatefulSet.kind) {
    const set = store.get(StatefulSet, name, namespace);
    return set && { uid: set.metadata.uid, replicas: set.spec.replicas ?? 1 };
  }
  if (kind !== ReplicaSet.kind) return undefined;
  const set = store.get(ReplicaSet, name, namespace);
  const above = set && controllerOf(set);
  const deployment = above && store.get(Deployment, above.name, namespace);
  const top = deployment ?? set;
  return top && { uid: top.metadata.uid, replicas: top.spec.replicas ?? 1 };
}

function writeStatus(
  store: Store,
  budget: Budget,
  count: {
    readonly expectedPods: number;
    readonly desiredHealthy: number;
    readonly currentHealthy: number;
    readonly disrupted: ReadonlyMap<string, Disruption>;
  },
): void {
  const { expectedPods, desiredHealthy, currentHealthy, disrupted } = count;
  const spare = currentHealthy - desiredHealthy;
  const disruptionsAllowed = expectedPods <= 0 || spare <= 0 ? 0 : spare;
  const noted = [...disrupted].map(([name, { at }]): [string, string] => [name, at]);
  const observedGeneration = budget.metadata.generation ?? 1;
  store.change(budget, (draft) => {
    draft.status = {
      observedGeneration,
      ...(noted.length === 0 ? {} : { disruptedPods: Object.fromEntries(noted) }),
      disruptionsAllowed,
      currentHealthy,
      desiredHealthy,
      expectedPods,
      conditions: withCondition(
        draft.status?.conditions,
        {
          type: 'DisruptionAllowed',
          status: disruptionsAllowed > 0 ? 'True' : 'False',
          observedGeneration,
          reason: disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods',
          message: '',
        },
        store.timestamp(),
      ),
    };
  });
}

/** A budget that cannot be counted allows nothing. */
function failSafe(store: Store, budget: Budget, message: string): void {
  const observedGeneration = budget.metadata.generation ?? 1;
  store.change(budget, (draft) => {
    draft.status = {
      currentHealthy: 0,
      desiredHealthy: 0,
      expectedPods: 0,
      ...draft.status,
      observedGeneration,
      disruptionsAllowed: 0,
      conditions: withCondition(
        draft.status?.conditions,
        {
          type: 'DisruptionAllowed',
          status: 'False',
          observedGeneration,
          reason: 'SyncFailed',
          message,
        },
        store.timestamp(),
      ),
    };
  });
}
