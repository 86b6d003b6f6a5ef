import { schedule } from 'node-cron';
import type { Logger } from 'pino';

/** Something done again and again while the process lives. */
export interface Job {
  readonly name: string;
  /** Five cron fields, or six with seconds in front; UTC. */
  readonly when: string;
  work(): Promise<void>;
}

/**
 * Starts the jobs; each waits for its last turn to end, and one that fails is logged and tried again at its next time.
 * Turns missed while the process was down are not made up for.
 * @returns a way to stop them
 */
export function startJobs(jobs: readonly Job[], log: Logger): () => Promise<void> {
  const tasks = jobs.map(({ name, when, work }) =>
    schedule(
      when,
      () => work().catch((error: unknown) => log.warn({ job: name, err: error }, 'a job failed')),
      {
        name,
        timezone: 'UTC',
        noOverlap: true,
        unref: true,
        suppressMissedWarning: true,
        logger: quiet(log),
      },
    ),
  );
  return async () => {
    for (const task of tasks) await task.destroy();
  };
}

/** The library's own remarks are for whoever debugs the schedule. */
function quiet(log: Logger) {
  const debug = (message: string | Error) => log.debug({ cron: String(message) }, 'cron');
  return { info: debug, warn: debug, error: debug, debug };
}
