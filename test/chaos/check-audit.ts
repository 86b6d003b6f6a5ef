import { AuditBody } from '../../src/audit/audit-entry.ts';
import { auditRows } from '../../src/audit/audit-log.ts';
import { verifyAudit } from '../../src/audit/verify-audit.ts';
import type { RequestRecord } from '../../src/demo/cluster/api/request-log.ts';
import type { ChaosWorld } from './chaos-world.ts';
import { changesBy } from './check-clusters.ts';

/** What the audit log does not tell, or tells wrongly, in words. */
export async function checkAudit(world: ChaosWorld): Promise<string[]> {
  const { faults } = await verifyAudit(world.database);
  const entries: AuditBody[] = [];
  for await (const row of auditRows(world.database))
    entries.push(AuditBody.parse(JSON.parse(row.body)));
  return [
    ...faults.map(({ seq, problem }) => `audit entry ${seq}: ${problem}`),
    ...pairingFaults(entries),
    ...world.clusters.flatMap((cluster) =>
      changesBy(cluster).flatMap((request) => unannounced(entries, request)),
    ),
  ];
}

/** No outcome comes before its intent, and the last word on each change is an outcome. */
function pairingFaults(entries: readonly AuditBody[]): string[] {
  const changes = Map.groupBy(
    entries.filter(({ phase }) => phase !== 'event'),
    ({ run, verb, resource: { kind, namespace, name, uid } }) =>
      [run, verb, kind, namespace, name, uid].join('/'),
  );
  return [...changes].flatMap(([change, told]) => {
    let open = 0;
    for (const entry of told) {
      open += opens(entry);
      if (open < 0)
        return [`audit entry ${entry.seq} tells an outcome without an intent: ${change}`];
    }
    return told.at(-1)?.phase === 'outcome' ? [] : [`an intent has no outcome: ${change}`];
  });
}

/** What nobody knew yet is told once more when it has been looked at. */
function opens({ phase, outcome }: AuditBody): number {
  if (phase === 'intent') return 1;
  return outcome?.startsWith('not known') ? 0 : -1;
}

/** Who changed what is in the User-Agent and the path; the intent stands in the log by then. */
function unannounced(entries: readonly AuditBody[], request: RequestRecord): string[] {
  const run = /run=([\w-]+)/.exec(request.userAgent)?.[1];
  const names = namesIn(request);
  const isAnnounced = entries.some(
    (entry) =>
      entry.phase === 'intent' &&
      entry.run === run &&
      names.includes(entry.resource.name) &&
      Date.parse(entry.at) <= request.at,
  );
  return isAnnounced ? [] : [`no intent before ${request.method} ${request.path} of run ${run}`];
}

function namesIn({ path, body }: RequestRecord): string[] {
  const { metadata } = (body ?? {}) as { metadata?: { name?: string } };
  return [...path.split('/'), metadata?.name ?? ''];
}
