import { Node } from '../../src/kubernetes/resources/node.ts';
import type { StoredObject } from './object-server.ts';

type Extra = Readonly<Record<string, unknown>>;

export function node(
  name: string,
  extra: { metadata?: Extra; spec?: Extra; ready?: boolean } = {},
) {
  const ready = extra.ready ?? true;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: `node-${name}`, ...extra.metadata },
    spec: { providerID: `sim:///${name}`, ...extra.spec },
    status: {
      conditions: [
        {
          type: 'Ready',
          status: ready ? 'True' : 'False',
          reason: ready ? 'KubeletReady' : 'Booting',
        },
      ],
    },
  } satisfies StoredObject;
}

/** As the client would have read it. */
export function parsedNode(manifest: StoredObject): Node {
  return Node.schema.parse(manifest);
}

function capi(
  kind: string,
  name: string,
  rest: { metadata?: Extra; spec?: Extra; status?: Extra },
) {
  return {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind,
    metadata: { name, namespace: 'capi', uid: `${kind}-${name}`, ...rest.metadata },
    spec: { clusterName: 'kr', ...rest.spec },
    status: { ...rest.status },
  } satisfies StoredObject;
}

export function ownedBy(kind: string, name: string): object[] {
  const uid = `${kind}-${name}`;
  return [{ apiVersion: 'cluster.x-k8s.io/v1beta2', kind, name, uid, controller: true }];
}

/** A Machine of MachineSet kr-b behind the node of this name. */
export function machine(
  name: string,
  nodeName?: string,
  rest: { metadata?: Extra; spec?: Extra; status?: Extra } = {},
) {
  return capi('Machine', name, {
    metadata: { ownerReferences: ownedBy('MachineSet', 'kr-b'), ...rest.metadata },
    spec: { ...rest.spec },
    status: {
      phase: nodeName === undefined ? 'Provisioning' : 'Running',
      ...(nodeName === undefined ? {} : { nodeRef: { name: nodeName } }),
      ...rest.status,
    },
  });
}

export function machineSet(replicas: number, readyReplicas = replicas, metadata: Extra = {}) {
  return capi('MachineSet', 'kr-b', { metadata, spec: { replicas }, status: { readyReplicas } });
}

export function capiCluster(spec: Extra = {}, metadata: Extra = {}) {
  return capi('Cluster', 'kr', { spec, metadata });
}

export function machineDeployment(status: Extra) {
  return capi('MachineDeployment', 'kr-b', { spec: { replicas: 3 }, status });
}

export function nodePool(spec: Extra = {}, rest: { metadata?: Extra; status?: Extra } = {}) {
  return {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodePool',
    metadata: { name: 'web', uid: 'NodePool-web', ...rest.metadata },
    spec,
    status: { ...rest.status },
  } satisfies StoredObject;
}

export function nodeClaim(
  name: string,
  nodeName?: string,
  rest: { metadata?: Extra; spec?: Extra; conditions?: object[] } = {},
) {
  return {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodeClaim',
    metadata: {
      name,
      uid: `NodeClaim-${name}`,
      labels: { 'karpenter.sh/nodepool': 'web' },
      ...rest.metadata,
    },
    spec: { ...rest.spec },
    status: {
      ...(nodeName === undefined ? {} : { nodeName }),
      conditions: rest.conditions ?? [
        { type: 'Launched', status: 'True' },
        { type: 'Registered', status: 'True' },
        { type: 'Initialized', status: 'True' },
      ],
    },
  } satisfies StoredObject;
}
