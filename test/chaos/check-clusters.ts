import sql from 'sql-template-tag';
import type { RequestRecord } from '../../src/demo/cluster/api/request-log.ts';
import type { Plan } from '../../src/runs/run.ts';
import type { ChaosWorld } from './chaos-world.ts';

type Cluster = ChaosWorld['clusters'][number];

/** What Handrail left behind or did twice in the clusters, in words. */
export async function checkClusters(world: ChaosWorld): Promise<string[]> {
  const succeeded = await world.database.query<{ id: string; cluster: string; plan: Plan }>(
    sql`select id, cluster, plan from run where status = 'succeeded'`,
  );
  return world.clusters.flatMap((cluster) => [
    ...evictedTwice(cluster),
    ...restartedTwice(cluster),
    ...cordonsLeft(cluster),
    ...leasesLeft(cluster),
    ...succeeded
      .filter((run) => run.cluster === cluster.name)
      .flatMap((run) => notCarriedOut(cluster, run)),
  ]);
}

/** Handrail's own requests that changed something. */
export function changesBy(cluster: Cluster): RequestRecord[] {
  return cluster.world.requests.filter(
    ({ status, dryRun, userAgent }) =>
      status >= 200 && status < 300 && !dryRun && userAgent.startsWith('handrail/'),
  );
}

function evictedTwice(cluster: Cluster): string[] {
  const seen = new Set<string>();
  const twice: string[] = [];
  for (const { path, body, userAgent } of changesBy(cluster)) {
    if (!path.endsWith('/eviction')) continue;
    const { deleteOptions } = body as { deleteOptions: { preconditions: { uid: string } } };
    const { uid } = deleteOptions.preconditions;
    if (seen.has(uid)) twice.push(`${path} (${uid}) was evicted twice, last by ${userAgent}`);
    seen.add(uid);
  }
  return twice;
}

/** Each run has a User-Agent of its own. */
function restartedTwice(cluster: Cluster): string[] {
  const restarts = changesBy(cluster)
    .filter(({ method, path }) => method === 'PATCH' && path.includes('/deployments/'))
    .map(({ path, userAgent }) => `${path} was restarted twice by ${userAgent}`);
  return restarts.filter((text, index) => restarts.indexOf(text) < index);
}

function cordonsLeft({ name, world }: Cluster): string[] {
  return world.list('Node').flatMap(({ metadata, ...node }) => {
    const { spec } = node as { spec?: { unschedulable?: boolean } };
    const mark = metadata.annotations?.['handrail.dev/cordoned-by'];
    if (!spec?.unschedulable && mark === undefined) return [];
    return [`node ${metadata.name} in ${name} is left cordoned, marked ${mark}`];
  });
}

function leasesLeft({ name, world }: Cluster): string[] {
  return world
    .list('Lease', 'handrail')
    .map(
      ({ metadata, ...lease }) =>
        `Lease ${metadata.name} is left in ${name}: ${JSON.stringify(lease)}`,
    );
}

/** A run that says it succeeded has done what it planned. */
function notCarriedOut({ world }: Cluster, { id, plan }: { id: string; plan: Plan }): string[] {
  const uids = new Set(
    ['Pod', 'Node', 'Machine']
      .flatMap((kind) => world.list(kind))
      .map(({ metadata }) => metadata.uid),
  );
  return plan.steps.flatMap(({ effects }) =>
    effects
      .filter(({ object }) => uids.has(object.uid))
      .map(({ verb, object }) => `run ${id} succeeded, but did not ${verb} ${object.name}`),
  );
}
