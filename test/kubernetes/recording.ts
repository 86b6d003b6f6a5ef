import { readdirSync, readFileSync } from 'node:fs';

const directory = new URL('../fixtures/recordings/', import.meta.url);

/** The answer of a real API server (v1.33), by the number its file begins with. */
export function recordedAnswer(number: string): { status: number; body: unknown } {
  const file = readdirSync(directory).find((name) => name.startsWith(`${number}-`));
  if (file === undefined) throw new Error(`no recording ${number}`);
  return JSON.parse(readFileSync(new URL(file, directory), 'utf8')).response;
}
