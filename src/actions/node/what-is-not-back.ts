import pLimit from 'p-limit';
import { Node } from '../../kubernetes/resources/node.ts';
import type { Effect, PlanContext } from '../action.ts';
import { readinessOf } from '../owners.ts';
import { readTiles } from '../service-tiles.ts';
import { ownerOfEffect } from './evict-effect.ts';
import { readinessOfNode } from './node-state.ts';
import { isRestart } from './surge-effect.ts';

type Workload = NonNullable<ReturnType<typeof ownerOfEffect>>;

export interface Expected {
  readonly workloads: readonly Workload[];
  readonly tiles: readonly { readonly name: string; readonly ready: number }[];
  readonly newNode?: string | null | undefined;
}

const READS_AT_ONCE = 4;

/** The owners of the pods that earlier steps move, each once. A Job's pods have nothing to become. */
export function affectedWorkloads(earlier: readonly Effect[]): Workload[] {
  const owners = earlier
    .filter((effect) => effect.verb === 'evict' || isRestart(effect))
    .flatMap((effect) => ownerOfEffect(effect) ?? [])
    .filter(({ kind }) => kind !== 'Job');
  return [...new Map(owners.map((owner) => [Object.values(owner).join('/'), owner])).values()];
}

/** Everything that was asked for and is not so, in words; empty when all is well. */
export async function whatIsNotBack(
  context: PlanContext,
  expected: Expected,
): Promise<{ checks: number; missing: string[] }> {
  const limit = pLimit(READS_AT_ONCE);
  const workloads = await limit.map(expected.workloads, (owner) => workloadMissing(context, owner));
  const tiles = await tilesMissing(context, expected);
  const node = expected.newNode ? await nodeMissing(context, expected.newNode) : [];
  const checks =
    workloads.length + context.clusterSettings.tiles.length + (expected.newNode ? 1 : 0);
  return { checks, missing: [...workloads.flat(), ...tiles, ...node] };
}

async function workloadMissing({ cluster }: PlanContext, owner: Workload): Promise<string[]> {
  const readiness = await readinessOf(cluster, { ...owner, uid: '' });
  if (readiness?.desired === undefined || readiness.ready >= readiness.desired) return [];
  const why = readiness.unschedulable[0];
  const name = `${owner.kind} ${owner.namespace}/${owner.name}`;
  const numbers = `${name} has ${readiness.ready} of ${readiness.desired} ready`;
  return [why === undefined ? numbers : `${numbers} (${why})`];
}

async function tilesMissing(
  { cluster, clusterSettings }: PlanContext,
  { tiles: planned }: Expected,
): Promise<string[]> {
  const wanted = new Map(planned.map(({ name, ready }) => [name, ready]));
  const tiles = await readTiles(cluster, clusterSettings.tiles);
  return tiles.flatMap(({ name, ready, unknown }) => {
    // A tile that the drain did not touch, or whose service is not there, was not made worse by this run.
    const needed = wanted.get(name) ?? (unknown.length > 0 ? 0 : 1);
    if (ready.length >= needed) return [];
    return [`service tile ${name} has ${ready.length} of ${needed} ready endpoints`];
  });
}

async function nodeMissing({ cluster }: PlanContext, name: string): Promise<string[]> {
  const node = await cluster.find(Node, { name });
  if (node === undefined) return [`new node ${name} is gone`];
  return readinessOfNode(node) === 'True' ? [] : [`new node ${name} is not Ready`];
}
