import { RunbookError } from '../errors.ts';

/** What Slack needs is not set, or Slack does not take it. */
export class SlackSetupError extends RunbookError {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super('slack_setup_invalid', message, options);
  }
}

/** Slack could not be reached for a whole minute at the start. */
export class SlackUnreachableError extends RunbookError {
  constructor(detail: string, options: { readonly cause: unknown }) {
    super(
      'slack_unreachable',
      `Slack cannot be reached: ${detail}. Check the network, a proxy and SLACK_API_URL, then start again; runs are kept.`,
      options,
    );
  }
}
