import { controllerOf } from '../../kubernetes/resources/metadata.ts';
import type { Pod } from '../../kubernetes/resources/pod.ts';
import type { Effect } from '../action.ts';
import { keeperOf } from './evict-effect.ts';

/** Pods that leave one after the other: those of one workload. */
export type Group = readonly Effect[];

interface Ranked {
  readonly effect: Effect;
  /** Undefined where the pod has gone: then its place does not matter. */
  readonly pod: Pod | undefined;
}

/**
 * Tiers, each to be gone before the next: what is not critical, then StatefulSets, then critical pods. Within a tier
 * by priority, the lowest first; within a StatefulSet the highest ordinal first, as it would scale down itself.
 */
export function drainOrder(
  effects: readonly Effect[],
  { pods, criticalNamespaces }: { pods: readonly Pod[]; criticalNamespaces: readonly string[] },
): Group[][] {
  const byUid = new Map(pods.map((pod) => [pod.metadata.uid, pod]));
  const ranked = effects.map((effect): Ranked => ({ effect, pod: byUid.get(effect.object.uid) }));
  const tiers: Group[][] = [];
  for (const tier of [0, 1, 2]) {
    const members = ranked.filter((each) => tierOf(each, criticalNamespaces) === tier);
    if (members.length > 0) tiers.push(groupsOf(members.toSorted(inOrder)));
  }
  return tiers;
}

function tierOf({ pod, effect }: Ranked, criticalNamespaces: readonly string[]): number {
  if (criticalNamespaces.includes(effect.object.namespace ?? '')) return 2;
  if (pod === undefined) return 0;
  if (/^system-(cluster|node)-critical$/.test(pod.spec.priorityClassName ?? '')) return 2;
  return controllerOf(pod.metadata)?.kind === 'StatefulSet' ? 1 : 0;
}

function inOrder(a: Ranked, b: Ranked): number {
  const priority = (a.pod?.spec.priority ?? 0) - (b.pod?.spec.priority ?? 0);
  if (priority !== 0) return priority;
  const { namespace: namespaceA = '', name: nameA } = a.effect.object;
  const { namespace: namespaceB = '', name: nameB } = b.effect.object;
  const byOrdinal = keeperOf(a.effect) === keeperOf(b.effect) ? ordinal(nameB) - ordinal(nameA) : 0;
  return namespaceA.localeCompare(namespaceB) || byOrdinal || nameA.localeCompare(nameB);
}

/** `db-11` is the twelfth; by text it would come before `db-2`. Names of other pods end in letters: -1. */
function ordinal(name: string): number {
  const match = /-(\d+)$/.exec(name);
  return match === null ? -1 : Number(match[1]);
}

function groupsOf(ranked: readonly Ranked[]): Group[] {
  const byKeeper = Map.groupBy(ranked, ({ effect }) => keeperOf(effect));
  return [...byKeeper.values()].map((group) => group.map(({ effect }) => effect));
}
