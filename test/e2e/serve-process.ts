import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Surroundings } from './handrail-world.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

type ServeSurroundings = Pick<Surroundings, 'settingsFile' | 'variables' | 'workspace'>;

/** `handrail serve` as a process of its own, which a test may kill. */
export class ServeProcess {
  readonly requestUrl: string;
  readonly #child: ChildProcess;
  readonly #log: readonly string[];

  private constructor(child: ChildProcess, requestUrl: string, log: readonly string[]) {
    this.#child = child;
    this.requestUrl = requestUrl;
    this.#log = log;
  }

  /** What it wrote to its log so far. */
  get log(): string {
    return this.#log.join('');
  }

  /** Resolves once it takes requests, and Slack knows where. `main` takes the same arguments as the product's own. */
  static async start(
    { settingsFile, variables, workspace }: ServeSurroundings,
    main = MAIN,
  ): Promise<ServeProcess> {
    const child = spawn(process.execPath, [main, '--config', settingsFile, 'serve'], {
      env: { PATH: '/usr/bin:/bin', LOG_LEVEL: 'warn', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => log.push(chunk.toString()));
    let output = '';
    for await (const chunk of child.stdout) {
      output += String(chunk);
      const [, requestUrl] = / at (\S+)\.\n/.exec(output) ?? [];
      if (requestUrl === undefined) continue;
      workspace.connect(requestUrl);
      child.stdout.resume();
      return new ServeProcess(child, requestUrl, log);
    }
    throw new Error(`handrail serve ended before it was ready: ${log.join('')}`);
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill(signal);
    await once(this.#child, 'exit');
  }

  /** Stops for so many milliseconds in the middle of whatever it does, and then goes on as if nothing had been. */
  async pause(ms: number): Promise<void> {
    this.#child.kill('SIGSTOP');
    await delay(ms);
    this.#child.kill('SIGCONT');
  }
}
