import { createHmac, randomUUID } from 'node:crypto';

export const FORM = 'application/x-www-form-urlencoded';
export const JSON_TYPE = 'application/json';

export interface RequestToSend {
  readonly url: string;
  readonly secret: string;
  readonly body: string;
  readonly contentType?: string;
  /** By the clock of this machine. */
  readonly ageSeconds?: number;
  /** Instead of, or beside, those of Slack; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** Sends a request as Slack does, signed unless the headers say otherwise. */
export async function sendSigned(
  request: RequestToSend,
): Promise<{ status: number; text: string }> {
  const { url, secret, body, contentType = FORM, ageSeconds = 0 } = request;
  const sentAt = String(Math.floor(Date.now() / 1000) - ageSeconds);
  const headers = {
    'content-type': contentType,
    'x-slack-request-timestamp': sentAt,
    'x-slack-signature': signature(secret, sentAt, body),
    ...request.headers,
  };
  const given = Object.entries(headers).filter(
    (header): header is [string, string] => header[1] !== undefined,
  );
  const answer = await fetch(url, { method: 'POST', headers: given, body });
  return { status: answer.status, text: await answer.text() };
}

/** @see https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signature(secret: string, sentAt: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${sentAt}:${body}`).digest('hex')}`;
}

function form(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}

const CHANNEL = 'C0KROPS';
const TEAM = 'T0MERIDIAN';
/** Nobody listens there: what is told in private gets lost. */
const NOWHERE = 'http://127.0.0.1:9/';

/** A slash command; without other fields, one that would start a run. */
export function command(fields: Readonly<Record<string, string>> = {}): string {
  return form({
    command: '/runbook',
    text: `tidy ${randomUUID().slice(0, 8)} --dry-run`,
    user_id: 'U0MINA',
    channel_id: CHANNEL,
    team_id: TEAM,
    trigger_id: randomUUID(),
    response_url: NOWHERE,
    ...fields,
  });
}

/** A click on a button of a message. */
export function click(fields: object): string {
  return interaction({
    type: 'block_actions',
    channel: { id: CHANNEL },
    actions: [{ type: 'button', action_id: 'run_stop', action_ts: '1.1', value: '{}' }],
    message: { ts: '1.1' },
    response_url: NOWHERE,
    ...fields,
  });
}

export function interaction(fields: object): string {
  const common = { team: { id: TEAM }, user: { id: 'U0MINA', team_id: TEAM } };
  return form({ payload: JSON.stringify({ ...common, trigger_id: randomUUID(), ...fields }) });
}

/** A mention of the app, as JSON. */
export function mention(fields: object, outer: object = {}): string {
  return JSON.stringify({
    type: 'event_callback',
    team_id: TEAM,
    event_id: `Ev${randomUUID()}`,
    event: { type: 'app_mention', user: 'U0MINA', channel: CHANNEL, ts: '1.1', ...fields },
    ...outer,
  });
}
