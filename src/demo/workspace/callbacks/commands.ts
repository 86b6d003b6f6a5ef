import { SlackApiError } from '../web-api/api-error.ts';
import { APP_ID, TEAM_DOMAIN, TEAM_ID } from '../web-api/message-shape.ts';
import { AppAnswer, showAnswer, tellPrivately } from './app-answer.ts';
import type { Reply } from './app-link.ts';
import {
  type CallbackContext,
  channelPayload,
  type Outcome,
  userPayload,
  VERIFICATION_TOKEN,
} from './callback-context.ts';
import { toCommandMarkup } from './typed-text.ts';

export interface Command {
  readonly user: string;
  readonly channel: string;
  /** With its slash. */
  readonly command: string;
  /** What was typed behind it. */
  readonly text: string;
}

/** Sends a slash command and shows what the app answers to it at once. */
export async function sendCommand(context: CallbackContext, command: Command): Promise<Outcome> {
  const { state, triggers, responseUrls, app } = context;
  const user = userPayload(state, command.user);
  const channel = channelPayload(state, command.channel, command.user);
  const address = { user: user.id, channel: channel.id };
  const reply = await app.send({
    kind: 'command',
    payload: {
      token: VERIFICATION_TOKEN,
      team_id: TEAM_ID,
      team_domain: TEAM_DOMAIN,
      channel_id: channel.id,
      channel_name: channel.name,
      user_id: user.id,
      user_name: user.name,
      command: command.command,
      text: toCommandMarkup(state, command.text),
      api_app_id: APP_ID,
      is_enterprise_install: 'false',
      response_url: responseUrls.issue(address),
      trigger_id: triggers.issue(user.id),
    },
  });
  const error = showReply(reply, (answer) => showAnswer(state, address, answer));
  if (error === undefined) return {};
  const problem = `${command.command} failed with the error "${error}"`;
  tellPrivately(state, { ...address, text: problem });
  return { problem };
}

/** Apps may answer with nothing, with plain text, or with a message in JSON. Returns Slack's error code. */
function showReply(reply: Reply, show: (answer: AppAnswer) => void): string | undefined {
  if (reply.status === 'timeout') return 'operation_timeout';
  if (reply.status !== 'answered') return 'dispatch_failed';
  if (reply.body === '') return undefined;
  const answer = AppAnswer.safeParse(jsonOrText(reply.body)).data;
  if (!answer) return 'dispatch_failed';
  try {
    show(answer);
    return undefined;
  } catch (error) {
    if (error instanceof SlackApiError) return error.code;
    throw error;
  }
}

function jsonOrText(body: string): unknown {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' ? parsed : { text: body };
  } catch {
    return { text: body };
  }
}
