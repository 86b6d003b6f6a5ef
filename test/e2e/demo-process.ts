import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** `npm start` without npm: the demo as a process of its own, on a free port, which a test may end. */
export class DemoProcess {
  /** Everything it printed so far, on either stream. */
  readonly output: readonly string[];
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string, output: readonly string[]) {
    this.#child = child;
    this.url = url;
    this.output = output;
  }

  /** Resolves once it says where its page is. */
  static async start(dataDir: string): Promise<DemoProcess> {
    const child = spawn(process.execPath, [MAIN, 'demo'], {
      env: { PATH: '/usr/bin:/bin', HANDRAIL_DATA_DIR: dataDir, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    for await (const chunk of child.stdout) {
      output.push(String(chunk));
      const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(output.join('')) ?? [];
      if (url === undefined) continue;
      child.stdout.resume();
      return new DemoProcess(child, url, output);
    }
    throw new Error(`the demo ended before it was ready: ${output.join('')}`);
  }

  /** Resolves with its exit code once it is gone; null when the signal itself ended it. */
  async end(signal: 'SIGKILL' | 'SIGINT'): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill(signal);
      await once(this.#child, 'exit');
    }
    return this.#child.exitCode;
  }

  /** What Mina Park types in #kr-oncall, and what can be read there afterwards. */
  async type(text: string): Promise<void> {
    const body = { do: 'send', as: 'U0MINA', channel: 'C0KROPS', text };
    await fetch(`${this.url}workspace/do`, { method: 'POST', body: JSON.stringify(body) });
  }

  async channel(): Promise<string> {
    const answer = await fetch(`${this.url}workspace/timeline?as=U0MINA&channel=C0KROPS`);
    return answer.text();
  }
}
