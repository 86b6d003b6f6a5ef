/** A refusal of the Web API: Slack's own error code, and its explanations if it gives any. */
export class SlackApiError extends Error {
  readonly code: string;
  readonly messages: readonly string[];
  /** Said beside the code. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(
    code: string,
    options: {
      messages?: readonly string[];
      fields?: Readonly<Record<string, string>>;
      cause?: unknown;
    } = {},
  ) {
    super([code, ...(options.messages ?? [])].join('\n'), { cause: options.cause });
    this.name = 'SlackApiError';
    this.code = code;
    this.messages = options.messages ?? [];
    this.fields = options.fields ?? {};
  }
}
