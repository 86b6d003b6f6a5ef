import type { Manifest } from '../model/objects.ts';
import { manifest, ownerOf } from './manifests.ts';
import type { SeedNode } from './nodes.ts';

const apiVersion = 'karpenter.sh/v1';

/** A NodePool that is kept at its size, and a NodeClaim for each of its nodes. */
export function karpenter(fleet: {
  readonly region: string;
  readonly pool: string;
  readonly prefix: string;
  readonly nodes: readonly SeedNode[];
}): Manifest[] {
  const { region, pool, nodes } = fleet;
  const spec = {
    nodeClassRef: { group: 'karpenter.simulated', kind: 'SimulatedNodeClass', name: 'default' },
    requirements: [{ key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] }],
    expireAfter: 'Never',
  };
  const ready = [{ type: 'Ready', status: 'True', reason: 'Ready', message: '' }];
  const nodePool: Manifest = {
    ...manifest({
      region,
      apiVersion,
      kind: 'NodePool',
      name: pool,
      annotations: { 'simulation/node-prefix': fleet.prefix },
    }),
    spec: { replicas: nodes.length, template: { metadata: { labels: {} }, spec } },
    status: { conditions: ready },
  };
  return [nodePool, ...nodes.map((node, index) => claim({ region, node, index, nodePool, spec }))];
}

function claim(seed: {
  readonly region: string;
  readonly node: SeedNode;
  readonly index: number;
  readonly nodePool: Manifest;
  readonly spec: Record<string, unknown>;
}): Manifest {
  const { region, node, nodePool } = seed;
  const pool = nodePool.metadata.name ?? '';
  const types = ['Launched', 'Registered', 'Initialized', 'Ready'];
  return {
    ...manifest({
      region,
      apiVersion,
      kind: 'NodeClaim',
      name: `${pool}-${['h4x2k', 'm9d7q', 'w2c8z', 'b5t6v'][seed.index] ?? seed.index}`,
      labels: { 'karpenter.sh/nodepool': pool },
      annotations: { 'simulation/node-name': node.name },
      finalizers: ['karpenter.sh/termination'],
      owner: ownerOf(nodePool),
    }),
    spec: structuredClone(seed.spec),
    status: {
      nodeName: node.name,
      providerID: `simulated:///${node.zone}/${node.name}`,
      conditions: types.map((type) => ({ type, status: 'True', reason: type, message: '' })),
    },
  };
}
