import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const directory = new URL('../../fixtures/recordings/', import.meta.url);

const Recording = z.object({
  says: z.string(),
  request: z.object({
    method: z.string(),
    path: z.string(),
    contentType: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    /** Set where another than the administrator asked: a service account without rights, or nobody. */
    as: z.string().optional(),
    body: z.unknown().optional(),
  }),
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.string()),
    body: z.unknown().optional(),
  }),
});
export type Recording = z.infer<typeof Recording> & { readonly file: string };

/** All recorded exchanges, in the order in which they took place. */
export function recordings(): Recording[] {
  const files = readdirSync(directory).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => ({
    ...Recording.parse(JSON.parse(readFileSync(new URL(file, directory), 'utf8'))),
    file,
  }));
}

/** The exchange's place in the order: `07`. */
export function numberOf(recording: Recording): string {
  return recording.file.slice(0, 2);
}
