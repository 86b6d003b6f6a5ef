import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Surrounded {
  readonly cwd: string;
  /** Nothing of the test's own environment is handed on. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs `handrail` to its end, without a terminal. */
export function handrail(args: readonly string[], around: Surrounded): Promise<Ended> {
  return ended(process.execPath, [MAIN, ...args], around);
}

export async function ended(
  command: string,
  args: readonly string[],
  { cwd, env }: Surrounded,
): Promise<Ended> {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: '/usr/bin:/bin', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await exit, out, err };
}
