import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allActions } from '../actions/actions.ts';
import { settingsJsonSchema } from '../config/settings-schema.ts';
import { RunbookError } from '../errors.ts';
import { runbookJsonSchema } from '../runbooks/runbook-json-schema.ts';
import { validateFiles } from '../runbooks/validate-files.ts';
import { formatProblem } from '../yaml-file.ts';
import type { CommandLine } from './commands.ts';

export function fileCommands({ program, print }: CommandLine): void {
  program
    .command('validate [files...]')
    .description('check runbooks and settings; every problem with file, line and column')
    .action((files: string[]) => {
      const paths = files.length > 0 ? files : filesHere(program.opts<{ config: string }>().config);
      const problems = validateFiles(paths, allActions);
      for (const problem of problems) print(formatProblem(problem));
      if (problems.length > 0) {
        throw new RunbookError(
          'files_invalid',
          `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in ${paths.join(', ')}`,
        );
      }
      print(`No problems in ${paths.join(', ')}.`);
    });
  program
    .command('schema [which]')
    .description('print the JSON Schema of a runbook or of the settings, or write both')
    .option('--write <directory>', 'write runbook.schema.json and settings.schema.json there')
    .action(async (which: string | undefined, { write }: { write?: string }) => {
      if (write !== undefined) return writeSchemas(write);
      print(schemaText(schemaOf(which ?? 'runbook')));
    });
}

function filesHere(config: string): string[] {
  const here = ['runbooks', config].filter((path) => existsSync(path));
  if (here.length > 0) return here;
  throw new RunbookError(
    'nothing_to_validate',
    `There is neither runbooks/ nor ${config} here: name the files to check.`,
  );
}

function schemaOf(which: string): Record<string, unknown> {
  if (which === 'runbook') return runbookJsonSchema(allActions);
  if (which === 'settings') return settingsJsonSchema();
  throw new RunbookError(
    'schema_unknown',
    `There is no schema "${which}": say runbook or settings.`,
  );
}

async function writeSchemas(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const which of ['runbook', 'settings']) {
    await writeFile(join(directory, `${which}.schema.json`), `${schemaText(schemaOf(which))}\n`);
  }
}

function schemaText(schema: Record<string, unknown>): string {
  return JSON.stringify(schema, undefined, 2);
}
