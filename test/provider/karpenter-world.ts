import { createMachineProviders } from '../../src/provider/find-owner.ts';
import type { OwnedMachine } from '../../src/provider/provider.ts';
import { node, nodeClaim, nodePool, parsedNode } from './manifests.ts';
import { type ObjectServer, type StoredObject, startObjectServer } from './object-server.ts';

export const labels = { 'karpenter.sh/nodepool': 'web' };
/** The node that is to be replaced, and the other of its pool. */
export const sick = node('ip-1', { metadata: { labels } });
export const other = node('ip-2', { metadata: { labels } });

const providers = createMachineProviders({});

/** A pool of two nodes, each with its claim, and what else a test needs. */
export function servePool(...more: readonly StoredObject[]): Promise<ObjectServer> {
  return startObjectServer(
    sick,
    other,
    nodePool(),
    nodeClaim('web-1', 'ip-1'),
    nodeClaim('web-2', 'ip-2'),
    ...more,
  );
}

export function owner({ cluster }: ObjectServer, of: StoredObject = sick): Promise<OwnedMachine> {
  return providers.owner(cluster, parsedNode(of), 'auto');
}
