import type { Clock } from '../../../clock.ts';
import type { SlackFault } from '../slack-fault.ts';

/** How the app answered a callback. */
export type Reply =
  | { readonly status: 'answered'; readonly body: string }
  | { readonly status: 'refused'; readonly httpStatus: number; readonly noRetry: boolean }
  | { readonly status: 'timeout' }
  | { readonly status: 'unreachable' };

export interface Callback {
  readonly kind: 'command' | 'interaction' | 'event';
  readonly payload: Readonly<Record<string, unknown>>;
  /** Of one that comes again: the how manieth time, and why. */
  readonly retry?: { readonly number: number; readonly reason: string };
}

/** A way to the app: its address, or the connections that it has opened. */
export interface Transport {
  /** Waits for the answer, at most as long as Slack does. Never throws. */
  send(callback: Callback): Promise<Reply>;
}

export interface AppLinkOptions {
  readonly transport: () => Transport;
  readonly clock: Clock;
  /** Slack waits 3 seconds. */
  readonly answerTimeoutMs: number;
  readonly faultOf: (
    name: string,
    args: Readonly<Record<string, unknown>>,
  ) => SlackFault | undefined;
}

/** The app, as callbacks reach it: by whichever way, and with what goes wrong on it. */
export class AppLink implements Transport {
  readonly #options: AppLinkOptions;

  constructor(options: AppLinkOptions) {
    this.#options = options;
  }

  async send(callback: Callback): Promise<Reply> {
    const { transport, clock, answerTimeoutMs, faultOf } = this.#options;
    const fault = faultOf(`callback:${callback.kind}`, callback.payload);
    const began = clock.now();
    if (fault?.delayMs !== undefined) await clock.sleep(fault.delayMs);
    const lost = lostBy(fault, 'before');
    if (lost !== undefined) return lost;
    const reply = await transport().send(callback);
    if (fault && 'again' in fault) await this.#redeliver(callback, fault.again);
    // what came late has reached the app; only nobody waits for its answer any more
    if (clock.now() - began > answerTimeoutMs) return { status: 'timeout' };
    return lostBy(fault, 'after') ?? reply;
  }

  async #redeliver(callback: Callback, times: number): Promise<void> {
    for (let number = 1; number <= times; number += 1) {
      await this.#options
        .transport()
        .send({ ...callback, retry: { number, reason: 'http_timeout' } });
    }
  }
}

/** What Slack sees of a callback, or its answer, that is lost. */
function lostBy(fault: SlackFault | undefined, when: 'before' | 'after'): Reply | undefined {
  if (fault === undefined) return undefined;
  if ('hang' in fault && fault.hang === when) return { status: 'timeout' };
  if ('reset' in fault && fault.reset === when) return { status: 'unreachable' };
  return undefined;
}
