import type { DBOSConfig } from '@dbos-inc/dbos-sdk';
import type { Logger } from 'pino';

/** The engine's log into ours. What it tells about its ordinary life is for those who look for it. */
export function dbosLog(log: Logger): NonNullable<DBOSConfig['logger']> {
  const engine = log.child({ part: 'dbos' });
  return {
    debug: (entry) => engine.trace(String(entry)),
    info: (entry) => engine.debug(String(entry)),
    warn: (entry) => engine.warn(String(entry)),
    error: (entry, metadata) => engine.error({ err: metadata?.error }, String(entry)),
  };
}
