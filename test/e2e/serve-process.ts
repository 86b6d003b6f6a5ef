import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Surroundings } from './handrail-world.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** `handrail serve` as a process of its own, which a test may kill. */
export class ServeProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves once it takes requests, and Slack knows where. */
  static async start({ settingsFile, variables, workspace }: Surroundings): Promise<ServeProcess> {
    const child = spawn(process.execPath, [MAIN, '--config', settingsFile, 'serve'], {
      env: { PATH: '/usr/bin:/bin', LOG_LEVEL: 'warn', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    let output = '';
    for await (const chunk of child.stdout) {
      output += String(chunk);
      const [, requestUrl] = / at (\S+)\.\n/.exec(output) ?? [];
      if (requestUrl === undefined) continue;
      workspace.connect(requestUrl);
      child.stdout.resume();
      return new ServeProcess(child);
    }
    throw new Error(`handrail serve ended before it was ready: ${errors}`);
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill(signal);
    await once(this.#child, 'exit');
  }
}
