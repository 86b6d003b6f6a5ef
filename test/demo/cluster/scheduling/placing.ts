import type { Manifest } from '../../../../src/demo/cluster/model/objects.ts';
import { startSimulatedCluster } from '../../../../src/demo/cluster/simulated-cluster.ts';
import { look, node, podSpec, statusOf, until } from '../client.ts';

export type Labels = Record<string, string>;

/** A node with labels. */
export function labelled(name: string, labels: Labels, more: object = {}): Manifest {
  const plain = node(name);
  return {
    ...plain,
    metadata: { name, labels: { ...plain.metadata.labels, ...labels } },
    ...more,
  };
}

/** Nodes by name, with the zones that they are in. */
export function zoned(zones: Labels): Manifest[] {
  return Object.entries(zones).map(([name, zone]) => labelled(name, { zone }));
}

export interface PodOn {
  readonly node?: string;
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly spec?: object;
}

/** What a pod with one container of these requests is like. */
export function requesting(requests: Labels, more: object = {}) {
  const containers = [{ name: 'main', image: 'registry.example/app:1', resources: { requests } }];
  return { containers, ...more };
}

let made = 0;

/** A pod that runs on its node, or one that waits for a node. */
export function somePod({
  node: nodeName,
  namespace = 'shop',
  labels = {},
  spec = {},
}: PodOn): Manifest {
  made += 1;
  const on = nodeName === undefined ? {} : { nodeName };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${made}`, namespace, labels },
    spec: podSpec({ ...on, ...spec }),
  };
}

/** Where the scheduler puts the pod in a cluster of these objects; else its words. */
export async function place(seed: readonly Manifest[], pod: Manifest): Promise<string> {
  const cluster = await startSimulatedCluster({ name: 'placing', region: 'test', seed });
  try {
    const { name = '', namespace } = cluster.world.apply(pod).metadata;
    const stored = () => cluster.world.get('Pod', name, namespace);
    await until(() => statusOf(stored(), 'PodScheduled') !== undefined);
    const { spec, status } = look(stored());
    return spec.nodeName ?? status.conditions[0].message;
  } finally {
    await cluster.stop();
  }
}

/** The words of the scheduler where no node is left, and whether fewer pods would help. */
export function refusal(count: number, why: string, victims: string): string {
  const none = `0/${count} nodes are available`;
  return `${none}: ${why}. preemption: ${none}: ${victims}.`;
}

export const notHelpful = 'Preemption is not helpful for scheduling';
export const noVictims = 'No preemption victims found for incoming pod';
