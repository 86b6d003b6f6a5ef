import type { KubeObject, Manifest } from '../../../../src/demo/cluster/model/objects.ts';
import { MovableClock } from '../../../../src/demo/cluster/simulated-clock.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../../src/demo/cluster/simulated-cluster.ts';
import { type Client, clientOf, look, merge } from '../client.ts';

/** So long a second of the API's own lasts here, in milliseconds. */
export const second = 100;

export interface MovingWorld {
  readonly cluster: SimulatedCluster;
  readonly clock: MovableClock;
  readonly call: Client;
  /** The objects of a kind, to be looked into freely. */
  list(kind: string): KubeObject[];
  names(kind: string): string[];
}

/** A cluster in which time passes only when it is told to. */
export async function startMoving(
  seed: readonly Manifest[],
  dataFile?: string,
): Promise<MovingWorld> {
  const clock = new MovableClock();
  // As many heartbeats a second as in a real cluster: time that passes fast is not to be spent on them.
  const timings = { secondMs: second, heartbeatMs: 10 * second, nodeGraceMs: 40 * second };
  const file = dataFile === undefined ? {} : { dataFile };
  const options = { name: 'moving', region: 'test', seed, timings, clock, ...file };
  const cluster = await startSimulatedCluster(options);
  await clock.advance(second);
  return {
    cluster,
    clock,
    call: clientOf(cluster),
    list: (kind) => look(cluster.world.list(kind)),
    names: (kind) => cluster.world.list(kind).map(({ metadata }) => metadata.name),
  };
}

interface Said {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** `False NotReady: why` */
export function said(object: unknown, type: string): string {
  const conditions: Said[] = look(object).status?.conditions ?? [];
  const found = conditions.find((condition) => condition.type === type);
  if (found === undefined) return 'nothing';
  return `${found.status} ${found.reason}${found.message === '' ? '' : `: ${found.message}`}`;
}

const machines = '/apis/cluster.x-k8s.io/v1beta2/namespaces/capi-system/machines';

/** The Machine of kr-b-2, which these tests are about. */
const old = 'kr-b-2-x7k';
export const undrained = { 'machine.cluster.x-k8s.io/exclude-node-draining': '' };

/** A Machine, to be looked into freely; undefined where it has gone. */
export function machine({ cluster }: MovingWorld, name = old) {
  const found = cluster.world.get('Machine', name, 'capi-system');
  return found === undefined ? undefined : look(found);
}

/** The one that was made in the place of the old. */
export function newMachine(world: MovingWorld) {
  const [made] = world.list('Machine').filter(({ metadata }) => metadata.name.startsWith('kr-b-4'));
  return look(made);
}

export async function patchOld({ call }: MovingWorld, patch: object): Promise<void> {
  await call(`PATCH ${machines}/${old}`, patch, merge);
}

/** Annotates the old Machine, and deletes it. */
export async function deleteOld(
  world: MovingWorld,
  annotations: Record<string, string> = {},
): Promise<void> {
  await patchOld(world, { metadata: { annotations } });
  await world.call(`DELETE ${machines}/${old}`);
}
