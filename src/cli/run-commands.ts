import { userInfo } from 'node:os';
import { Closers, type Core, planEnvironment, startCore } from '../app.ts';
import { loadSettings, readEnvironment, type Settings } from '../config.ts';
import { RunbookError } from '../errors.ts';
import { inEnglish, translated } from '../language/translate.ts';
import { createLogger } from '../log.ts';
import { makePlan } from '../runs/plan-run.ts';
import { hasEnded, type Person, type RunStatus } from '../runs/run.ts';
import type { ShownRun } from '../runs/shown-run.ts';
import type { CommandLine } from './commands.ts';
import { NOT_DONE } from './exit-codes.ts';
import { jsonText } from './json-text.ts';
import { planText } from './plan-text.ts';
import { readRequest } from './read-request.ts';
import { runText } from './run-text.ts';

interface RequestOptions {
  readonly cluster?: string;
  readonly accept?: string[];
}

interface PlanOptions extends RequestOptions {
  readonly json?: boolean;
}

export function runCommands(line: CommandLine): void {
  const { program, print } = line;
  withRequest(
    program
      .command('plan <runbook> [inputs...]')
      .description('print what a run would do; reads only'),
  )
    .option('--json', 'for programs: a JSON object')
    .action(async (runbook: string, inputs: string[], options: PlanOptions) => {
      const settings = loadSettings(program.opts<{ config: string }>().config);
      const environment = planEnvironment(settings);
      const request = readRequest(environment.catalogue, settings, { runbook, inputs, ...options });
      const plan = translated(await makePlan(environment, { id: 'plan', ...request }), inEnglish);
      print(options.json ? jsonText(plan) : planText(plan));
      if (plan.blockers.length > 0) process.exitCode = NOT_DONE;
    });
  withRequest(
    program
      .command('run <runbook> [inputs...]')
      .description('start a run and follow it to its end; approvals are asked for in Slack'),
  )
    .option('--dry-run', 'plan only')
    .action((runbook: string, inputs: string[], options: RequestOptions & { dryRun?: boolean }) =>
      withCore(line, async (core, settings) => {
        const request = readRequest(core.environment.catalogue, settings, {
          runbook,
          inputs,
          ...options,
        });
        const { runId } = await core.runs.request({
          runbook,
          cluster: request.cluster,
          inputs: request.texts,
          requester: whoami(),
          cause: { kind: 'cli', text: [runbook, ...inputs].join(' ') },
          dryRun: options.dryRun ?? request.dryRun,
          accepted: request.accepted,
        });
        await follow(core, runId, print);
      }),
    );
  program
    .command('cancel <run>')
    .description('ask a run to stop; what is its own is taken back')
    .action((runId: string) =>
      withCore(line, async ({ runs }) => print(inEnglish((await runs.stop(runId, whoami())).text))),
    );
}

function withRequest(command: CommandLine['program']): CommandLine['program'] {
  return command
    .option('--cluster <name>', 'the cluster; may be left out where there is only one')
    .option('--accept <exception...>', 'exceptions of a blocked plan to accept');
}

function whoami(): Person {
  const { username } = userInfo();
  return { kind: 'cli', id: `cli:${username}`, name: username };
}

async function withCore(
  { program }: CommandLine,
  work: (core: Core, settings: Settings) => Promise<void>,
): Promise<void> {
  const settings = loadSettings(program.opts<{ config: string }>().config);
  const environment = readEnvironment();
  const closers = new Closers();
  try {
    const core = await startCore({ settings, environment, log: createLogger('warn') }, closers);
    await work(core, settings);
  } finally {
    await closers.close();
  }
}

/** What a run that waits for people waits for: nothing comes until somebody acts. */
const WAITS: Partial<Record<RunStatus, string>> = {
  awaiting_approval: 'waits for an approval, which is asked for in Slack',
  blocked: 'is blocked until its exceptions are accepted in Slack; `plan` names them',
};

/** Prints the timeline as it grows; the exit code says how it ended. */
async function follow({ runs }: Core, runId: string, print: (text: string) => void): Promise<void> {
  let printed = 0;
  let status: RunStatus | undefined;
  const ended = Promise.withResolvers<ShownRun>();
  async function show(): Promise<void> {
    const run = translated(await runs.get(runId), inEnglish);
    for (const event of run.timeline.slice(printed))
      print(`${new Date(event.at).toISOString().slice(11, 19)}  ${event.text}`);
    printed = run.timeline.length;
    const waits = WAITS[run.status];
    if (run.status !== status && waits) print(`run ${runId} ${waits}`);
    status = run.status;
    if (hasEnded(run.status)) ended.resolve(run);
  }
  let showing = show();
  const unlisten = await runs.onChange((changed) => {
    if (changed === runId) showing = showing.then(show).catch(ended.reject);
  });
  const run = await ended.promise.finally(unlisten);
  print(runText(run));
  if (!['succeeded', 'nothing_to_do', 'planned'].includes(run.status)) {
    throw new RunbookError(
      'run_not_succeeded',
      `run ${runId} ended as ${run.status.replaceAll('_', ' ')}`,
    );
  }
}
