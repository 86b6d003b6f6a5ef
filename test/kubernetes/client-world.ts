import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault, FaultRule } from '../../src/demo/cluster/api/fault.ts';
import type { Manifest } from '../../src/demo/cluster/model/objects.ts';
import { startSimulatedCluster } from '../../src/demo/cluster/simulated-cluster.ts';
import type { World } from '../../src/demo/cluster/world.ts';
import type { ClientLimits } from '../../src/kubernetes/client-limits.ts';
import { connectCluster } from '../../src/kubernetes/connect-cluster.ts';
import type { Cluster } from '../../src/kubernetes/kubernetes.ts';
import { quickLimits } from './local-api-server.ts';

type Seen = Parameters<FaultRule>[0];

/** The client, and the simulated cluster that it talks to. */
export interface ClientWorld {
  readonly cluster: Cluster;
  readonly world: World;
  /** All requests that have arrived, reads included. */
  readonly seen: readonly Seen[];
  /** What goes wrong with each request, by how many there have been of those that the rule is for. */
  break(isMeant: (request: Seen) => boolean, fault: (round: number) => Fault | undefined): void;
  stop(): Promise<void>;
}

export async function startClientWorld(
  seed: readonly Manifest[],
  limits: Partial<ClientLimits> = {},
): Promise<ClientWorld> {
  const simulated = await startSimulatedCluster({ name: 'kr', region: 'test', seed });
  const directory = await mkdtemp(join(tmpdir(), 'handrail-test-'));
  const kubeconfig = join(directory, 'kubeconfig.yml');
  await writeFile(kubeconfig, simulated.kubeconfig);
  const { world } = simulated;
  const seen: Seen[] = [];
  let rule: FaultRule = () => undefined;
  world.faults = [
    (request) => {
      seen.push(request);
      return rule(request);
    },
  ];
  return {
    cluster: connectCluster(
      { name: 'kr', kubeconfig, context: 'kr', inCluster: false },
      { ...quickLimits, ...limits },
    ),
    world,
    seen,
    break(isMeant, fault) {
      let round = 0;
      rule = (request) => {
        if (!isMeant(request)) return undefined;
        round += 1;
        return fault(round);
      };
    },
    async stop() {
      await simulated.stop();
      await rm(directory, { recursive: true });
    },
  };
}

export function configMap(name: string, value = ''): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'shop', annotations: { value } },
  };
}
