import { isKubernetesError } from '../kubernetes/kubernetes.ts';
import type { RunEnvironment } from './run-environment.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** About two minutes in all: longer than an API server takes to come back. */
const ATTEMPTS = 10;

/**
 * Tries again what must not end at the first hitch of the API server: a step half-way, and what is taken back at the end of
 * a run, as nobody comes back to it later. What is tried must be safe to repeat. Throws what the last attempt threw, or at
 * once what another attempt would not change.
 * @param onWait before each wait, with what the attempt failed of
 */
export async function insist<T>(
  { clock, shutdown }: Pick<RunEnvironment, 'clock' | 'shutdown'>,
  work: () => Promise<T>,
  onWait?: (error: unknown) => Promise<void>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw error;
      await onWait?.(error);
      await clock.sleep(waitMs(attempt, error), shutdown);
    }
  }
}

/** The API server is busy, broken or out of reach; what it refuses with a reason it refuses again. */
function isPassing(error: unknown): boolean {
  if (!isKubernetesError(error)) return false;
  return error.status === 0 || error.status === 429 || error.status >= 500;
}

function waitMs(attempt: number, error: unknown): number {
  const asked = isKubernetesError(error) ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(asked, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)));
}
