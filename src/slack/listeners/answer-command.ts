import { verifyAudit } from '../../audit/verify-audit.ts';
import { inEnglish, translated } from '../../language/translate.ts';
import type { Runbook } from '../../runbooks/runbook.ts';
import type { Person } from '../../runs/run.ts';
import type { Command, RunCommand } from '../../triggers/command.ts';
import { parseCommand } from '../../triggers/slash-command.ts';
import {
  auditAnswer,
  generalHelp,
  runbookHelp,
  runbookList,
  runList,
  statusAnswers,
} from '../messages/listings.ts';
import {
  clusterQuestion,
  ineligibleAnswer,
  mistakeAnswer,
  type NamedCluster,
  plainAnswer,
  startedAnswer,
} from '../messages/private-answer.ts';
import type { ListenerParts } from './listener-parts.ts';
import type { Tell } from './tell.ts';

/** A response address takes five answers. */
const MOST_ANSWERS = 4;
const LISTED = 15;

/** A command as it was typed, whichever way it came. */
export interface Asked {
  readonly text: string;
  readonly user: string;
  readonly channel: string;
  readonly tell: Tell;
  /** Opens the picker, or says how to; `cluster` as given. */
  readonly pick: (cluster: string | undefined) => Promise<void>;
}

export async function answerCommand(parts: ListenerParts, asked: Asked): Promise<void> {
  const command = parseCommand(asked.text, parts.catalogue);
  if (command.kind === 'mistake') return asked.tell(mistakeAnswer(command));
  if (command.kind === 'pick') return asked.pick(command.cluster);
  if (command.kind === 'run') return startRun(parts, asked, command);
  if (command.kind === 'cancel') return cancelRun(parts, asked, command.run);
  for (const answer of await answersTo(parts, command)) await asked.tell(answer);
}

type Question = Exclude<Command, { kind: 'pick' | 'run' | 'cancel' }>;

async function answersTo({ runs, catalogue, database }: ListenerParts, command: Question) {
  switch (command.kind) {
    case 'list':
      return [runbookList(catalogue.all)];
    case 'help':
      return [command.runbook ? runbookHelp(catalogue.get(command.runbook)) : generalHelp()];
    case 'status':
      if (command.run)
        return statusAnswers(translated(await runs.get(command.run), inEnglish), MOST_ANSWERS);
      return [
        runList(
          'Under way',
          await runs.list({ active: true, limit: LISTED }),
          'Nothing is under way.',
        ),
      ];
    case 'history':
      return [await history({ runs, catalogue }, command.target)];
    case 'audit':
      return [auditAnswer(await verifyAudit(database))];
  }
}

/** A target is typed without its kind, such as `kr-b-2` for `node/kr-b-2`: all kinds that runbooks act on are looked for. */
async function history(
  { runs, catalogue }: Pick<ListenerParts, 'runs' | 'catalogue'>,
  target: string | undefined,
) {
  if (target === undefined) {
    return runList('Latest runs', await runs.list({ limit: LISTED }), 'There are no runs yet.');
  }
  const names = new Set([target, ...catalogue.all.flatMap((each) => targetsOf(each, target))]);
  const found = await Promise.all(
    [...names].map((name) => runs.list({ target: name, limit: LISTED })),
  );
  const newest = found.flat().toSorted((a, b) => b.createdAt - a.createdAt);
  return runList(`Runs on ${target}`, newest.slice(0, LISTED), `No run has acted on ${target}.`);
}

function targetsOf(runbook: Runbook, typed: string): string[] {
  const type = runbook.inputs.find(({ name }) => name === runbook.target)?.type ?? 'string';
  return [`${type}/${typed}`, `${runbook.target}/${typed}`];
}

async function startRun(parts: ListenerParts, asked: Asked, command: RunCommand): Promise<void> {
  const cluster = clusterFor(parts.clusters, { named: command.cluster, channel: asked.channel });
  if (!cluster) return asked.tell(clusterQuestion(parts.clusters, command.cluster));
  const requester = await eligiblePerson(parts, asked);
  if (!requester) return;
  const { runbook, inputs, dryRun, accepted } = command;
  const { runId } = await parts.runs.request({
    runbook,
    cluster: cluster.name,
    inputs,
    requester,
    cause: { kind: 'command', text: asked.text, channel: asked.channel },
    dryRun,
    accepted,
  });
  await asked.tell(
    startedAnswer({
      runId,
      words: [runbook, ...Object.values(inputs)].join(' '),
      cluster,
      dryRun,
      here: cluster.channel === asked.channel,
    }),
  );
}

/** `--cluster`, else whose channel it is. */
function clusterFor(
  clusters: readonly NamedCluster[],
  { named, channel }: { readonly named?: string | undefined; readonly channel: string },
): NamedCluster | undefined {
  if (named !== undefined) return clusters.find((each) => each.name === named);
  return clusters.find((each) => each.channel === channel);
}

async function cancelRun(parts: ListenerParts, asked: Asked, runId: string): Promise<void> {
  const person = await eligiblePerson(parts, asked);
  if (!person) return;
  const { text } = await parts.runs.stop(runId, person);
  await asked.tell(plainAnswer(inEnglish(text)));
}

/** Who asks, or nobody where they may not; then they have been told why. */
export async function eligiblePerson(
  { directory }: ListenerParts,
  asked: { readonly user: string; readonly tell: Tell },
): Promise<Person | undefined> {
  const { decider } = await directory.lookUp(asked.user);
  if (decider.ineligible !== undefined) {
    await asked.tell(ineligibleAnswer(inEnglish(decider.ineligible)));
    return undefined;
  }
  return { kind: decider.kind, id: decider.id, name: decider.name };
}
