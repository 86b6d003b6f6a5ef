import { Closers, type Core, planEnvironment, startCore } from '../app.ts';
import { loadSettings, readEnvironment, type Settings } from '../config.ts';
import { RunbookError } from '../errors.ts';
import { inEnglish, translated } from '../language/translate.ts';
import { createLogger } from '../log.ts';
import { makePlan } from '../runs/plan-run.ts';
import type { ShownRun } from '../runs/shown-run.ts';
import type { CommandLine } from './commands.ts';
import { NOT_DONE } from './exit-codes.ts';
import { followRun, type RunView } from './follow-run.ts';
import { accountHolder, requesterOf } from './identity.ts';
import { jsonText } from './json-text.ts';
import { planText } from './plan-text.ts';
import { readRequest } from './read-request.ts';
import { runText } from './run-text.ts';
import { plainView, silentView, terminalView } from './run-view.ts';

interface RequestOptions {
  readonly cluster?: string;
  readonly accept?: string[];
}

interface PlanOptions extends RequestOptions {
  readonly json?: boolean;
}

interface RunOptions extends PlanOptions {
  readonly dryRun?: boolean;
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
    .option('--json', 'for programs: the run as a JSON object once it has ended, and nothing else')
    .action((runbook: string, inputs: string[], options: RunOptions) =>
      withCore(line, async (core, settings) => {
        const request = readRequest(core.environment.catalogue, settings, {
          runbook,
          inputs,
          ...options,
        });
        const dryRun = options.dryRun ?? request.dryRun;
        const { runId } = await core.runs.request({
          runbook,
          cluster: request.cluster,
          inputs: request.texts,
          requester: dryRun ? accountHolder() : requesterOf(settings),
          cause: { kind: 'cli', text: [runbook, ...inputs].join(' ') },
          dryRun,
          accepted: request.accepted,
        });
        const run = await followRun(core, runId, options.json ? silentView : viewOf(line));
        print(options.json ? jsonText(run) : runText(run));
        checkEnd(run);
      }),
    );
  program
    .command('cancel <run>')
    .description('ask a run to stop; what is its own is taken back')
    .option('--json', 'for programs: a JSON object')
    .action((runId: string, { json = false }: { json?: boolean }) =>
      withCore(line, async ({ runs }) => {
        const text = inEnglish((await runs.stop(runId, accountHolder())).text);
        print(json ? jsonText({ run: runId, text }) : text);
      }),
    );
}

function withRequest(command: CommandLine['program']): CommandLine['program'] {
  return command
    .option('--cluster <name>', 'the cluster; may be left out where there is only one')
    .option('--accept <exception...>', 'exceptions of a blocked plan to accept');
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

function viewOf({ print }: CommandLine): RunView {
  return process.stdout.isTTY ? terminalView(process.stdout, Date.now) : plainView(print);
}

/** @throws RunbookError (`run_not_succeeded`): the exit code says it too */
function checkEnd({ id, status }: ShownRun): void {
  if (['succeeded', 'nothing_to_do', 'planned'].includes(status)) return;
  const words = status.replaceAll('_', ' ');
  throw new RunbookError('run_not_succeeded', `run ${id} ended as ${words}`);
}
