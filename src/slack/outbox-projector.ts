import type { Logger } from 'pino';
import sql from 'sql-template-tag';
import type { Database } from '../database/database.ts';
import type { Language } from '../language/text.ts';
import type { Approval, Run } from '../runs/run.ts';
import type { Runs } from '../runs/runs.ts';
import { approverKeyPrefix } from './messages/approver-dm.ts';
import { renderRun, type ToldApprover } from './messages/render-run.ts';
import { keysOf, wantMessages } from './outbox-table.ts';
import { failureText } from './slack-failure.ts';

/** Nobody needs more people woken for one decision. */
const MOST_APPROVERS_TOLD = 50;
const RUNS_PER_SWEEP = 100;

/** Where a cluster's runs are shown, and in which language. */
interface ClusterChannel {
  readonly channel: string;
  readonly language: Language;
}

export interface ProjectorParts {
  readonly database: Database;
  readonly runs: Pick<Runs, 'get'>;
  readonly log: Logger;
  /** The channel of a cluster; undefined where the settings no longer know it. */
  readonly channelOf: (cluster: string) => ClusterChannel | undefined;
  /** User ids of all who may approve. Throws where Slack cannot say. */
  readonly approversOf: (policy: Approval['policy']) => Promise<readonly string[]>;
  /** Of a person, as Slack knows it; never throws. */
  readonly languageOf: (userId: string) => Promise<Language>;
}

/** Writes down which messages a run ought to have now. Repeating it changes nothing. */
export async function projectRun(parts: ProjectorParts, runId: string): Promise<void> {
  const { database, runs, log } = parts;
  const run = await runs.get(runId);
  const shownIn = parts.channelOf(run.cluster);
  if (shownIn === undefined) {
    log.warn({ runId, cluster: run.cluster }, 'no channel for the cluster: the run is not shown');
  }
  const { approvers, complete } = await whoIsTold(parts, run);
  const messages = shownIn === undefined ? [] : renderRun(run, { ...shownIn, approvers });
  await database.transaction(async (tx) => {
    const newer = await tx.query(sql`
      insert into run_projection (run_id, version, complete) values (${runId}, ${run.version}, ${complete})
      on conflict (run_id) do update set version = excluded.version, complete = excluded.complete, at = now()
        where run_projection.version <= excluded.version
      returning 1`);
    if (newer.length > 0) await wantMessages(tx, runId, messages);
  });
}

/** Runs whose messages are behind, such as after a restart or when a notification was lost. */
export async function runsBehind(database: Database, askAgainMs: number): Promise<string[]> {
  const rows = await database.query<{ id: string }>(sql`
    select run.id from run left join run_projection shown on shown.run_id = run.id
    where (shown.version is distinct from run.version
        or not shown.complete and shown.at < now() - ${askAgainMs} * interval '1 millisecond')
      and (run.ended_at is null or run.ended_at > now() - interval '1 day')
    order by run.created_at limit ${RUNS_PER_SWEEP}`);
  return rows.map((row) => row.id);
}

/** Who has been told stays told; while a gate is open, those who have joined the approvers are told too. */
async function whoIsTold(parts: ProjectorParts, run: Run) {
  const approvers = new Map<number, readonly ToldApprover[]>();
  let complete = true;
  for (const approval of run.approvals) {
    const told = await alreadyTold(parts.database, run.id, approval.gate);
    const current =
      approval.status === 'pending' ? await currentApprovers(parts, run, approval) : [];
    complete &&= current !== undefined;
    const everyone = new Set([...told, ...(current ?? [])]);
    approvers.set(approval.gate, await inTheirLanguages(parts, everyone));
  }
  return { approvers, complete };
}

function inTheirLanguages(
  { languageOf }: ProjectorParts,
  users: ReadonlySet<string>,
): Promise<ToldApprover[]> {
  const told = [...users].slice(0, MOST_APPROVERS_TOLD);
  return Promise.all(told.map(async (user) => ({ user, language: await languageOf(user) })));
}

async function alreadyTold(database: Database, runId: string, gate: number): Promise<string[]> {
  const prefix = approverKeyPrefix(runId, gate);
  const keys = await keysOf(database, runId, prefix);
  return keys.map((key) => key.slice(prefix.length));
}

async function currentApprovers(
  { approversOf, log }: ProjectorParts,
  run: Run,
  { policy, gate }: Approval,
): Promise<string[] | undefined> {
  try {
    const all = await approversOf(policy);
    return all.filter((user) => policy.selfApproval || user !== run.requester.id);
  } catch (error) {
    log.warn(
      { runId: run.id, gate, reason: failureText(error) },
      'Slack cannot say who the approvers are: they are written to later; the card stands in the channel',
    );
    return undefined;
  }
}
