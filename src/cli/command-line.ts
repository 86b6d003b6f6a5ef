import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { readEnvironment } from '../config.ts';
import { errorCode, errorMessage, RunbookError } from '../errors.ts';
import { createLogger } from '../log.ts';
import { auditCommands } from './audit-commands.ts';
import type { CommandLine } from './commands.ts';
import { EXIT_CODES, exitCodeOf } from './exit-codes.ts';
import { exportCommand } from './export-command.ts';
import { fileCommands } from './file-commands.ts';
import { lookCommands } from './look-commands.ts';
import { runCommands } from './run-commands.ts';
import { demoCommand, type StartDemo, serveCommand } from './service-commands.ts';
import { wayOut } from './way-out.ts';

export async function runCommandLine(argv: readonly string[], startDemo: StartDemo): Promise<void> {
  const program = new Command('handrail')
    .description('Runs Kubernetes runbooks for people on call, safely.')
    .version(packageJson.version)
    .option('--config <file>', 'the settings file', 'handrail.yml')
    .showHelpAfterError('(see --help)')
    .addHelpText('after', EXIT_CODES);
  const line: CommandLine = { program, print: (text) => process.stdout.write(`${text}\n`) };
  serveCommand(line);
  demoCommand(line, startDemo);
  fileCommands(line);
  runCommands(line);
  lookCommands(line);
  exportCommand(line);
  auditCommands(line);
  // what is open is closed all the same
  process.stdout.on('error', unlessRead);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    unlessRead(error);
  }
}

/** A reader that had enough, such as `head`, is no fault; an output that could not be written is, as on a full disk. */
function unlessRead(error: unknown): void {
  if (errorCode(error) !== 'EPIPE') report(error);
}

/** An error that is meant for people is told in its own words; anything else is a fault of ours, and comes with its stack. */
function report(error: unknown): void {
  process.exitCode = exitCodeOf(error);
  if (error instanceof RunbookError) {
    process.stderr.write(`handrail: ${error.message}\n`);
    return;
  }
  const environment = readEnvironment();
  const way = wayOut(error, environment);
  process.stderr.write(`handrail: ${errorMessage(error)}${way ? `; ${way}` : ''}\n`);
  if (errorCode(error) !== undefined) return;
  createLogger(environment.logLevel).error({ err: error }, 'the command failed');
}
