import { z } from 'zod';
import { errorMessage } from '../errors.ts';

const SystemError = z.object({
  code: z.string(),
  syscall: z.string(),
  path: z.string().optional(),
});

const LISTENING: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'stop what listens there (perhaps another Handrail; `ss -ltnp` names it), or set PORT to another port',
  EADDRNOTAVAIL: 'set HOST to an address of this machine, such as 127.0.0.1 or 0.0.0.0',
  EACCES: 'only root may listen at ports below 1024: set PORT to a higher one',
};

const WRITING: Readonly<Record<string, string>> = {
  ENOSPC: 'free some space there, or set HANDRAIL_DATA_DIR to a directory with more of it',
  EEXIST: 'a file stands in the way: set HANDRAIL_DATA_DIR to a directory',
  ENOTDIR: 'a file stands in the way: set HANDRAIL_DATA_DIR to a directory',
};
const NOT_WRITABLE = 'set HANDRAIL_DATA_DIR to a directory that this user may write to';

/** What to do about what the operating system refused, where that is known: a port to listen at, a file to write. */
export function wayOut(
  error: unknown,
  { dataDir, host }: { readonly dataDir: string; readonly host: string },
): string | undefined {
  const refused = SystemError.safeParse(error).data;
  if (refused?.syscall === 'listen') return LISTENING[refused.code];
  if (refused?.syscall === 'getaddrinfo') {
    const named = errorMessage(error).endsWith(` ${host}`);
    return named ? LISTENING['EADDRNOTAVAIL'] : undefined;
  }
  return refused?.path?.startsWith(dataDir) ? (WRITING[refused.code] ?? NOT_WRITABLE) : undefined;
}
