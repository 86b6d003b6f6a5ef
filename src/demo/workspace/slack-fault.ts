/** `before` the call has its effect, or `after`, so that only the answer is lost. */
type When = 'before' | 'after';

/** What goes wrong with one call of the Web API, or one callback to the app: one thing, and perhaps late. */
export type SlackFault = { readonly delayMs?: number } & (
  | { readonly delayMs: number }
  /** HTTP, such as 500; `retryAfter`, in seconds, alone means 429. */
  | { readonly status: number; readonly retryAfter?: number }
  | { readonly retryAfter: number }
  /** Slack's error code, answered with ok: false. */
  | { readonly error: string }
  | { readonly reset: When }
  /** The request is read, and nothing ever comes back; the connection stays open. */
  | { readonly hang: When }
  /** After the effect: `bytes` end before the promised length, `json` ends in the middle of a whole HTTP answer. */
  | { readonly truncate: 'bytes' | 'json' }
  | Redelivery
);

/** Of a callback: the same comes so many times more, as after a lost acknowledgement. */
interface Redelivery {
  readonly again: number;
}

/**
 * Judges each Web API call before it runs; the first rule that sees a fault wins. Callbacks to the app are judged too, under
 * the names `callback:command`, `callback:interaction` and `callback:event`: of those `delayMs`, `reset`, `hang` and `again`
 * hold.
 */
export type SlackFaultRule = (
  method: string,
  args: Readonly<Record<string, unknown>>,
) => SlackFault | undefined;
