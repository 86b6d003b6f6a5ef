/** How long calls may take and how often reads are tried. Milliseconds. */
export interface ClientLimits {
  /** Until a connection stands. */
  readonly connectTimeoutMs: number;
  /** One attempt, from credentials to the last byte of the answer. */
  readonly callTimeoutMs: number;
  /** A credential plugin that has not ended by then is killed; the next call runs it anew. */
  readonly pluginTimeoutMs: number;
  /** Attempts of a read; writes have one. */
  readonly maxAttempts: number;
  /** All attempts of a read together: a Retry-After beyond it is not waited for. */
  readonly readBudgetMs: number;
  readonly baseBackoffMs: number;
  readonly maxBackoffMs: number;
  /** A watch without any byte for this long is taken for dead; the API server sends a bookmark each minute. */
  readonly watchIdleMs: number;
  /** The API server is asked to end a watch after this and up to a quarter more. */
  readonly watchLifetimeMs: number;
}

export const defaultLimits: ClientLimits = {
  connectTimeoutMs: 5_000,
  callTimeoutMs: 10_000,
  pluginTimeoutMs: 30_000,
  maxAttempts: 4,
  readBudgetMs: 30_000,
  baseBackoffMs: 250,
  maxBackoffMs: 10_000,
  watchIdleMs: 90_000,
  watchLifetimeMs: 240_000,
};

/** Doubles with each failure, and is spread over half of it so that clients do not come back all at once. */
export function backoffMs(limits: ClientLimits, failures: number): number {
  const full = Math.min(limits.maxBackoffMs, limits.baseBackoffMs * 2 ** (failures - 1));
  return full * (0.5 + Math.random() / 2);
}
