import { findElement } from '../blocks/find-element.ts';
import type { Block, StoredMessage, StoredView } from '../model.ts';
import { chosenValue } from '../views/chosen-value.ts';
import { type EnteredValues, enteredState } from '../views/entered-state.ts';
import { apiMessage } from '../web-api/message-shape.ts';
import { apiView } from '../web-api/views.ts';
import { type CallbackContext, channelPayload, type Outcome } from './callback-context.ts';
import { commonPayload, problemOf } from './interaction-payload.ts';

/** Which element a person acted on, and what they chose if it is not a button. */
export interface ElementAction {
  readonly actionId: string;
  /** Needed when several blocks hold the same action id. */
  readonly blockId?: string | undefined;
  /** The `value` of an option, several for checkboxes, or a value object. */
  readonly chosen?: unknown;
  /** In a view: what the person has entered so far. */
  readonly values?: EnteredValues | undefined;
}

export interface MessageRef {
  readonly channel: string;
  readonly ts: string;
}

/**
 * Acts on an element of a message that the person sees, after its confirm dialog.
 * @throws Error when there is no such message or element: the person cannot have seen it
 */
export async function clickInMessage(
  context: CallbackContext,
  user: string,
  { message: ref, action }: { message: MessageRef; action: ElementAction },
): Promise<Outcome> {
  const { state, responseUrls } = context;
  const channel = channelPayload(state, ref.channel, user);
  const { message, ephemeral } = seenMessage(context, user, ref);
  const threadTs = message.thread_ts;
  const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
  const reply = await context.app.send({
    kind: 'interaction',
    payload: {
      ...commonPayload(context, user),
      type: 'block_actions',
      actions: [actionPayload(context, message.blocks, action)],
      channel,
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: channel.id,
        is_ephemeral: ephemeral,
        ...thread,
      },
      // of an ephemeral message Slack gives no content
      ...(ephemeral ? {} : { message: apiMessage(state, message, { metadata: true }) }),
      state: { values: {} },
      response_url: responseUrls.issue({
        user,
        channel: channel.id,
        original: { ts: message.ts, ephemeral },
        ...(threadTs === undefined ? {} : { threadTs }),
      }),
    },
  });
  return problemOf(reply);
}

/** Acts on an element of an open modal or of the Home tab. */
export async function clickInView(
  context: CallbackContext,
  view: StoredView,
  action: ElementAction,
): Promise<Outcome> {
  const current = { ...view, state: enteredState(view, withChosen(view, action)) };
  context.state.apply({ type: view.type === 'modal' ? 'view' : 'home', view: current });
  const reply = await context.app.send({
    kind: 'interaction',
    payload: {
      ...commonPayload(context, view.user, view.id),
      type: 'block_actions',
      actions: [actionPayload(context, view.blocks, action)],
      container: { type: 'view', view_id: view.id },
      view: apiView(current),
    },
  });
  return problemOf(reply);
}

/** What is chosen now counts as entered: later callbacks carry it in the view's state. */
function withChosen({ blocks }: StoredView, action: ElementAction): EnteredValues {
  const { actionId, chosen, values = {} } = action;
  const blockId = findElement(blocks, actionId, action.blockId)?.blockId;
  if (blockId === undefined || chosen === undefined) return values;
  return { ...values, [blockId]: { ...values[blockId], [actionId]: chosen } };
}

function seenMessage(
  { state }: CallbackContext,
  user: string,
  { channel, ts }: MessageRef,
): { message: StoredMessage; ephemeral: boolean } {
  const message = state.messages.get(channel, ts);
  if (message) return { message, ephemeral: false };
  const own = state.messages.getEphemeral(user, ts);
  if (own) return { message: own, ephemeral: true };
  throw new Error(`${user} sees no message ${ts} in ${channel}`);
}

function actionPayload(
  { state }: CallbackContext,
  blocks: readonly Block[],
  { actionId, blockId, chosen }: ElementAction,
): Record<string, unknown> {
  // the message may have been updated since the person saw it: its blocks then have new ids
  const found = findElement(blocks, actionId, blockId) ?? findElement(blocks, actionId);
  if (!found) throw new Error(`no element with action_id ${actionId} is shown`);
  const { element } = found;
  const { text, value, style, placeholder } = element;
  const type = String(element['type']);
  return {
    action_id: actionId,
    block_id: found.blockId,
    type,
    action_ts: state.nextTs(),
    ...(text === undefined ? {} : { text }),
    ...(value === undefined ? {} : { value }),
    ...(style === undefined ? {} : { style }),
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(type === 'button' || type.endsWith('_button') ? {} : chosenValue(element, chosen ?? null)),
  };
}
