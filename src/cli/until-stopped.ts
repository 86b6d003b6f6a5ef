import type { Logger } from 'pino';

/** How long a stop may take before the process ends all the same: what runs is safe, the next process goes on with it. */
const STOP_MS = 15_000;

/** Resolves once a signal came and everything was stopped. A second signal ends at once. */
export async function untilStopped(stop: () => Promise<void>, log: Logger): Promise<void> {
  process.on('unhandledRejection', (error) =>
    log.error({ err: error }, 'a promise was left alone'),
  );
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, resolve);
  });
  log.info({ signal }, 'stopping');
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(1));
  const overdue = setTimeout(() => process.exit(1), STOP_MS);
  overdue.unref();
  await stop();
  process.exit(0);
}
