import pLimit from 'p-limit';
import type { Cluster } from '../kubernetes/kubernetes.ts';
import {
  type Endpoint,
  EndpointSlice,
  SERVICE_NAME_LABEL,
} from '../kubernetes/resources/endpoint-slice.ts';
import { Service } from '../kubernetes/resources/service.ts';
import type { ClusterFacts } from './action.ts';

const READS_AT_ONCE = 4;

/** The endpoints behind one service tile, each pod once however many services name it. */
export interface TileEndpoints {
  readonly name: string;
  readonly ready: readonly ReadyEndpoint[];
  /** Services that the settings name and the cluster does not have. */
  readonly unknown: readonly string[];
}

interface ReadyEndpoint {
  readonly podUid: string | undefined;
  readonly node: string | undefined;
}

/** Reads the tiles of the settings; services are written there as `namespace/name`. */
export function readTiles(
  cluster: Cluster,
  tiles: ClusterFacts['tiles'],
): Promise<TileEndpoints[]> {
  return pLimit(READS_AT_ONCE).map(tiles, async ({ name, services }) => {
    const ready = new Map<string, ReadyEndpoint>();
    const unknown: string[] = [];
    for (const service of services) {
      const endpoints = await readyEndpoints(cluster, service);
      if (endpoints === undefined) unknown.push(service);
      for (const endpoint of endpoints ?? []) ready.set(keyOf(endpoint), toReady(endpoint));
    }
    return { name, ready: [...ready.values()], unknown };
  });
}

/** Undefined where there is no such service. */
async function readyEndpoints(cluster: Cluster, service: string): Promise<Endpoint[] | undefined> {
  const [namespace = 'default', name = service] = service.includes('/') ? service.split('/') : [];
  const slices = await cluster.list(EndpointSlice, {
    namespace,
    labelSelector: `${SERVICE_NAME_LABEL}=${name}`,
  });
  if (slices.length === 0 && (await cluster.find(Service, { namespace, name })) === undefined) {
    return undefined;
  }
  return slices.flatMap((slice) => slice.endpoints).filter(isReady);
}

/** An absent `ready` is to be read as true; an endpoint that is terminating is on its way out all the same. */
function isReady({ conditions }: Endpoint): boolean {
  return conditions.ready !== false && conditions.terminating !== true;
}

function keyOf({ targetRef, addresses }: Endpoint): string {
  return targetRef?.uid ?? addresses.join();
}

function toReady({ targetRef, nodeName }: Endpoint): ReadyEndpoint {
  return { podUid: targetRef?.uid, node: nodeName };
}
