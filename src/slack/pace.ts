/** How fast messages go out. Milliseconds. */
export interface Pace {
  /** Between two posts in one channel: Slack allows about one a second. */
  readonly postEveryMs: number;
  /** Between two updates of any messages: 50 a minute are allowed, for all runs together. */
  readonly updateEveryMs: number;
  /** Updates that may go out at once after a quiet time. */
  readonly updateBurst: number;
  /** Between two updates of one message, unless its phase has changed. */
  readonly sameMessageEveryMs: number;
  /** After an uncertain post, before it is looked up: it may still be on its way. */
  readonly lookUpAfterMs: number;
  /** Until a refused message is tried again: somebody may have invited the app by then. */
  readonly refusedRetryMs: number;
  /** How often the table is looked at while messages wait for their time. */
  readonly pollMs: number;
  /** How often it is looked at otherwise, in case a notification was lost. */
  readonly sweepMs: number;
  /** Until Slack is asked again who the approvers are, when it could not say. */
  readonly askAgainMs: number;
}

/** @see https://docs.slack.dev/apis/web-api/rate-limits */
export const defaultPace: Pace = {
  postEveryMs: 1000,
  updateEveryMs: 1500,
  updateBurst: 10,
  sameMessageEveryMs: 3000,
  lookUpAfterMs: 2000,
  refusedRetryMs: 300_000,
  pollMs: 200,
  sweepMs: 3000,
  askAgainMs: 20_000,
};
