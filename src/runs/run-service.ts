import { randomBytes } from 'node:crypto';
import sql from 'sql-template-tag';
import { appendAudit } from '../audit/audit-log.ts';
import type { Transaction } from '../database/database.ts';
import { say, type Text } from '../language/text.ts';
import { resolveInputs, targetOf } from '../runbooks/inputs.ts';
import { decide, withdrawGates } from './approvals.ts';
import { checkNodes } from './check-nodes.ts';
import { clusterOf } from './plan-run.ts';
import { hasEnded, type Person, type Run } from './run.ts';
import type { RunEnvironment } from './run-environment.ts';
import { listRuns, loadRun, titlesOf } from './run-rows.ts';
import { insertRun, RUN_CHANGED, touchRun } from './run-store.ts';
import { END_WORDS } from './run-words.ts';
import type { DecisionResult, RunRequest, Runs } from './runs.ts';
import { tell } from './timeline.ts';
import { ring } from './wake.ts';

export function createRuns(environment: RunEnvironment): Runs {
  const { database, engine, catalogue } = environment;
  const get = (runId: string) => loadRun(database, runId, titlesOf(catalogue));
  return {
    get,
    request: (request) => requestRun(environment, request),
    decide: async (decision) => decide({ database, engine }, await get(decision.runId), decision),
    acceptExceptions: async (runId, names, by) =>
      acceptExceptions(environment, await get(runId), { names, by }),
    stop: async (runId, by) => stopRun(environment, await get(runId), by),
    list: (filter) => listRuns(database, filter),
    onChange: (changed) => database.listen(RUN_CHANGED, changed),
  };
}

async function requestRun(
  environment: RunEnvironment,
  request: RunRequest,
): Promise<{ runId: string }> {
  const { database, catalogue } = environment;
  const runbook = catalogue.get(request.runbook);
  const cluster = clusterOf(environment, request.cluster);
  const inputs = resolveInputs(runbook, request.inputs);
  await checkNodes(cluster, runbook, inputs);
  const run = {
    id: newRunId(),
    runbook: runbook.name,
    cluster: request.cluster,
    target: targetOf(runbook, inputs),
    inputs,
    accepted: request.accepted,
    requester: request.requester,
    cause: request.cause,
    dryRun: request.dryRun,
    traceId: randomBytes(16).toString('hex'),
  };
  await database.transaction(async (tx) => {
    await insertRun(tx, run);
    await auditEvent(tx, {
      ...run,
      verb: 'request',
      by: request.requester,
      after: { inputs, dryRun: run.dryRun, accepted: [...run.accepted] },
    });
    await tell(tx, run.id, { key: 'requested', text: requestedWords(request) });
  });
  await startSoon(environment, run.id);
  return { runId: run.id };
}

function requestedWords({ requester, dryRun, accepted }: RunRequest): Text {
  const by = requester.name;
  if (accepted.length === 0) {
    return dryRun ? say('{by} asked for a dry run', { by }) : say('{by} asked for it', { by });
  }
  return dryRun
    ? say('{by} asked for a dry run, accepting: {accepted}', { by, accepted })
    : say('{by} asked for it, accepting: {accepted}', { by, accepted });
}

/** The run is recorded, so it is not refused any more: what cannot be started now is started by startForgotten. */
async function startSoon({ engine, log }: RunEnvironment, runId: string): Promise<void> {
  await engine
    .start(runId)
    .catch((error: unknown) => log.warn({ runId, err: error }, 'a run starts later'));
}

/** Short enough to type on a phone: 32^6 ids, without letters that look alike. */
function newRunId(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz023456789';
  return `r-${Array.from(randomBytes(6), (byte) => alphabet[byte % alphabet.length]).join('')}`;
}

async function acceptExceptions(
  { database, engine }: RunEnvironment,
  run: Run,
  { names, by }: { names: readonly string[]; by: Person },
): Promise<DecisionResult> {
  const late: DecisionResult = {
    status: 'too_late',
    why: say('This plan no longer waits for a decision.'),
  };
  if (run.status !== 'blocked') return late;
  if (names.length === 0) {
    return { status: 'refused', why: say('Choose at least one exception.') };
  }
  const offered = new Set(run.plan?.blockers.flatMap(({ exception }) => exception ?? []));
  const unknown = names.filter((name) => !offered.has(name));
  if (unknown.length > 0) {
    return {
      status: 'refused',
      why: say('This plan has no exception {unknown}. It offers: {offered}.', {
        unknown,
        offered: [...offered],
      }),
    };
  }
  return database.transaction(async (tx) => {
    const won = await tx.query(sql`
      update run set status = 'planning', accepted = array(select distinct unnest(accepted || ${[...names]}::text[]))
      where id = ${run.id} and status = 'blocked' and blocked_until > now() and stop_requested is null returning 1`);
    if (won.length === 0) return late;
    const accepted = names.join(', ');
    await tell(tx, run.id, {
      key: `accepted-${accepted}`,
      level: 'warning',
      text: say('{by} accepted: {accepted}', { by: by.name, accepted }),
    });
    await auditEvent(tx, { ...run, verb: 'accept', by, after: { exceptions: [...names] } });
    await touchRun(tx, run.id);
    await ring(engine, tx, { runId: run.id, why: 'accepted' });
    return { status: 'decided', verdict: 'approve' };
  });
}

async function stopRun(
  { database, engine }: RunEnvironment,
  run: Run,
  by: Person,
): Promise<{ text: Text }> {
  const { id } = run;
  if (hasEnded(run.status)) {
    const end = END_WORDS[run.status];
    return { text: say('Run {id} has already ended: {end}.', { id, end }) };
  }
  // One whose process died before it was started has nobody yet who could hear of the stop.
  if (run.status === 'planning') await engine.start(run.id);
  return database.transaction(async (tx) => {
    const first = await tx.query(sql`
      update run set stop_requested = ${JSON.stringify(by)} where id = ${run.id} and stop_requested is null and ended_at is null returning 1`);
    if (first.length === 0) return { text: say('Run {id} is already stopping.', { id }) };
    await withdrawGates(tx, run.id, by);
    const text = say('{by} asked it to stop', { by: by.name });
    await tell(tx, id, { key: 'stop', level: 'warning', text });
    await auditEvent(tx, { ...run, verb: 'stop', by, after: {} });
    await touchRun(tx, run.id);
    await ring(engine, tx, { runId: run.id, why: 'stop' });
    return {
      text: say(
        'Run {id} is stopping: it finishes the call in flight, then takes back what is its own.',
        { id },
      ),
    };
  });
}

async function auditEvent(
  tx: Transaction,
  event: Pick<Run, 'id' | 'cluster' | 'traceId' | 'requester'> & {
    verb: string;
    by: Person;
    after: Parameters<typeof appendAudit>[1]['after'] | object;
  },
): Promise<void> {
  await appendAudit(tx, {
    phase: 'event',
    who: { actor: event.by.id, requester: event.requester.id, approvedBy: [] },
    verb: event.verb,
    resource: { kind: 'Run', name: event.id, uid: event.traceId },
    cluster: event.cluster,
    run: event.id,
    traceId: event.traceId,
    before: {},
    after: event.after as Parameters<typeof appendAudit>[1]['after'],
  });
}

/** Starts runs whose process died between recording them and starting them. Safe to repeat. */
export async function startForgotten({ database, engine }: RunEnvironment): Promise<void> {
  const rows = await database.query<{ id: string }>(
    sql`select id from run where status = 'planning' and created_at < now() - interval '5 seconds'`,
  );
  for (const { id } of rows) await engine.start(id);
}
