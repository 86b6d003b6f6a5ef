import type { Logger } from 'pino';

/** How long a stop may take before the process ends all the same: what runs is safe, the next process goes on with it. */
const STOP_MS = 15_000;
/** A terminal's Ctrl-C comes to us directly, and once more through npm: signals this close to each other are one. */
const ONE_SIGNAL_MS = 1_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves once a signal came and everything was stopped. A second signal ends at once. */
export async function untilStopped(stop: () => Promise<void>, log: Logger): Promise<void> {
  process.on('unhandledRejection', (error) =>
    log.error({ err: error }, 'a promise was left alone'),
  );
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    for (const name of SIGNALS) process.once(name, resolve);
  });
  const impatientFrom = performance.now() + ONE_SIGNAL_MS;
  for (const name of SIGNALS) {
    process.on(name, () => performance.now() > impatientFrom && process.exit(1));
  }
  log.info({ signal }, 'stopping');
  const overdue = setTimeout(() => process.exit(1), STOP_MS);
  overdue.unref();
  await stop();
  process.exit(0);
}
