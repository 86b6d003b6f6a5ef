import { z } from 'zod';

const SystemError = z.object({ syscall: z.string(), path: z.string().optional() });

/** What to do about what the operating system refused, where that is known: a port to listen at, a file to write. */
export function wayOut(error: unknown, dataDir: string): string | undefined {
  const refused = SystemError.safeParse(error).data;
  if (refused?.syscall === 'listen') {
    return 'stop what listens there (perhaps another Handrail), or set PORT to another port';
  }
  if (refused?.path?.startsWith(dataDir)) {
    return 'set HANDRAIL_DATA_DIR to a directory that this user may write to';
  }
  return undefined;
}
