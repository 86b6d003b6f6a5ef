import { z } from 'zod';
import type { JsonObject } from '../../../json.ts';
import type { StoredView } from '../model.ts';
import { apiMessage } from '../web-api/message-shape.ts';
import { apiView } from '../web-api/views.ts';
import { type CallbackContext, channelPayload, type Outcome } from './callback-context.ts';
import type { ElementAction, MessageRef } from './clicks.ts';
import { commonPayload, problemOf } from './interaction-payload.ts';

/** Runs a shortcut of the app; on a message when one is given. */
export async function runShortcut(
  context: CallbackContext,
  user: string,
  { callbackId, message: ref }: { callbackId: string; message?: MessageRef | undefined },
): Promise<Outcome> {
  const common = { ...commonPayload(context, user), callback_id: callbackId };
  const action_ts = context.state.nextTs();
  if (!ref) {
    const payload = { ...common, type: 'shortcut', action_ts };
    return problemOf(await context.app.send({ kind: 'interaction', payload }));
  }
  const channel = channelPayload(context.state, ref.channel, user);
  const message = context.state.messages.get(ref.channel, ref.ts);
  if (!message) throw new Error(`${user} sees no message ${ref.ts} in ${ref.channel}`);
  const payload = {
    ...common,
    type: 'message_action',
    action_ts,
    channel,
    message_ts: message.ts,
    message: apiMessage(context.state, message),
    response_url: context.responseUrls.issue({ user, channel: channel.id }),
  };
  return problemOf(await context.app.send({ kind: 'interaction', payload }));
}

const Suggestions = z.object({ options: z.array(z.record(z.string(), z.json())) });

export interface Suggestion extends ElementAction {
  readonly typed: string;
}

/** Asks the app for the options of an external select while a person types in it. */
export async function suggestOptions(
  context: CallbackContext,
  view: StoredView,
  { actionId, blockId, typed }: Suggestion,
): Promise<JsonObject[]> {
  const { trigger_id: _none, ...common } = commonPayload(context, view.user);
  const reply = await context.app.send({
    kind: 'interaction',
    payload: {
      ...common,
      type: 'block_suggestion',
      action_id: actionId,
      block_id: blockId,
      value: typed,
      container: { type: 'view', view_id: view.id },
      view: apiView(view),
    },
  });
  if (reply.status !== 'answered' || reply.body === '') return [];
  return Suggestions.safeParse(JSON.parse(reply.body)).data?.options ?? [];
}
