import { InvalidArgumentError } from 'commander';
import { inEnglish, translated } from '../language/translate.ts';
import { listRuns, loadRun } from '../runs/run-rows.ts';
import { findUndelivered } from '../slack/slack.ts';
import type { CommandLine } from './commands.ts';
import { jsonText } from './json-text.ts';
import { runLineText, runText, undeliveredLines } from './run-text.ts';
import { withDatabase } from './with-database.ts';

const MOST_LISTED = 1000;

interface ListOptions {
  readonly active?: boolean;
  readonly limit: number;
  readonly json?: boolean;
}

/** Commands that read the record of runs, and nothing else. */
export function lookCommands({ program, print }: CommandLine): void {
  program
    .command('runs')
    .description('the newest runs')
    .option('--active', 'only those that have not ended')
    .option('--limit <n>', 'how many', howMany, 20)
    .option('--json', 'for programs: a JSON array')
    .action(({ active = false, limit, json = false }: ListOptions) =>
      withDatabase(async (database) => {
        const runs = translated(await listRuns(database, { active, limit }), inEnglish);
        if (json) print(jsonText(runs));
        else print(runs.length === 0 ? 'No runs.' : runs.map(runLineText).join('\n'));
      }),
    );
  program
    .command('show <run>')
    .description('a run with its steps, timeline and outcome')
    .option('--json', 'for programs: a JSON object')
    .action((runId: string, { json = false }: { json?: boolean }) =>
      withDatabase(async (database) => {
        const run = translated(await loadRun(database, runId, (name) => name), inEnglish);
        const undelivered = await findUndelivered(database, runId);
        if (json) print(jsonText({ ...run, undelivered }));
        else print([runText(run), ...undeliveredLines(undelivered)].join('\n'));
      }),
    );
}

function howMany(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_LISTED) return count;
  throw new InvalidArgumentError(`It must be a number from 1 to ${MOST_LISTED}.`);
}
