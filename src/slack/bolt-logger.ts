import { LogLevel } from '@slack/bolt';
import type { Logger } from 'pino';

/** Slack's libraries log into ours. Their debug lines hold whole payloads, so those are never asked for. */
export function boltLogger(log: Logger) {
  return {
    debug: () => {},
    info: (...parts: unknown[]) => log.debug(scrubbed(parts)),
    warn: (...parts: unknown[]) => log.warn(scrubbed(parts)),
    error: (...parts: unknown[]) => log.error(scrubbed(parts)),
    getLevel: () => LogLevel.INFO,
    setLevel: () => {},
    setName: () => {},
  };
}

/** Without tokens and addresses that let anybody answer. */
function scrubbed(parts: readonly unknown[]): string {
  return parts
    .map(String)
    .join(' ')
    .replaceAll(/xox[abeprs]-[\w-]+|xapp-[\w-]+/g, '[token]')
    .replaceAll(/https:\/\/hooks\.slack\.com\/\S+/g, '[response url]');
}
