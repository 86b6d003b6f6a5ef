/** How long something that fails again and again is left alone, as client-go's flowcontrol.Backoff has it. Milliseconds. */
export interface BackOff {
  readonly waitMs: number;
  readonly since: number;
}

export interface BackOffLimits {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** The kubelet's limits for image pulls and restarts alike: 10 s, doubling up to 5 minutes. */
export function kubeletLimits(secondMs: number): BackOffLimits {
  return { firstMs: 10 * secondMs, longestMs: 300 * secondMs };
}

/** The wait after one more failure: doubled, or the first again where the last failure is long past. */
export function nextBackOff(
  before: BackOff | undefined,
  limits: BackOffLimits,
  when: { readonly failedAt: number; readonly now: number },
): BackOff {
  const { firstMs, longestMs } = limits;
  const { failedAt, now } = when;
  const isPast = before === undefined || failedAt - before.since > 2 * longestMs;
  return { waitMs: isPast ? firstMs : Math.min(before.waitMs * 2, longestMs), since: now };
}
