import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DestinationStream } from 'pino';
import { startHandrail } from '../app.ts';
import { type Environment, loadSettings, readEnvironment } from '../config.ts';
import { createLogger } from '../log.ts';
import type { CommandLine } from './commands.ts';
import { untilStopped } from './until-stopped.ts';

/** The demo world: clusters and a workspace, which Handrail then reaches as it reaches real ones. */
interface DemoWorld {
  readonly url: string;
  readonly settingsFile: string;
  /** What the environment would say in a real installation. */
  readonly variables: Readonly<Record<string, string>>;
  connect(requestUrl: string): void;
  stop(): Promise<void>;
}
export type StartDemo = (options: { dataDir: string; port: number }) => Promise<DemoWorld>;

export function serveCommand({ program, print }: CommandLine): void {
  program
    .command('serve')
    .description('run the Slack app')
    .action(async () => {
      const environment = readEnvironment();
      const log = createLogger(environment.logLevel);
      const settings = loadSettings(program.opts<{ config: string }>().config);
      const handrail = await startHandrail({ settings, environment, log });
      print(
        `Handrail is running${handrail.requestUrl ? ` at ${handrail.requestUrl}` : ' over Socket Mode'}.`,
      );
      await untilStopped(() => handrail.stop(), log);
    });
}

export function demoCommand({ program, print }: CommandLine, startDemo: StartDemo): void {
  program
    .command('demo')
    .description('run it with two simulated clusters and a workspace in the browser')
    .action(async () => {
      const { dataDir, port, logLevel } = readEnvironment();
      const logFile = join(dataDir, 'handrail.log');
      const log = createLogger(logLevel, await openLog(logFile));
      const world = await startDemo({ dataDir, port });
      const environment = demoEnvironment(world, dataDir);
      const settings = loadSettings(world.settingsFile);
      const handrail = await startHandrail({ settings, environment, log }).catch(
        async (error: unknown) => {
          await world.stop();
          throw error;
        },
      );
      if (handrail.requestUrl) world.connect(handrail.requestUrl);
      print(
        `Handrail demo: open ${world.url} and type  /runbook node-unstable kr-b-2  (Ctrl-C stops it; its log is ${logFile})`,
      );
      await untilStopped(async () => {
        await handrail.stop();
        await world.stop();
      }, log);
    });
}

async function openLog(file: string): Promise<DestinationStream> {
  await mkdir(dirname(file), { recursive: true });
  const stream = (await open(file, 'a')).createWriteStream();
  // a run goes on without its log, as on a full disk
  stream.on('error', () => {});
  return stream;
}

/** The same variables a real installation has, with any free port for Handrail itself. */
function demoEnvironment(world: DemoWorld, dataDir: string): Environment {
  return readEnvironment({
    ...world.variables,
    HANDRAIL_DATA_DIR: dataDir,
    PORT: '0',
    HOST: '127.0.0.1',
  });
}
