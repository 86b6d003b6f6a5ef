import type { App, RespondFn } from '@slack/bolt';
import { PICKER } from '../messages/picker-modal.ts';
import { answerCommand } from './answer-command.ts';
import type { ClickHandler } from './click.ts';
import { approve, askForReason, reject } from './decide-approval.ts';
import { showHome } from './home.ts';
import type { ListenerParts } from './listener-parts.ts';
import { answerMention } from './mention.ts';
import { once } from './once.ts';
import {
  ClickAction,
  ClickBody,
  CommandBody,
  fromJson,
  Memory,
  SubmissionBody,
} from './payloads.ts';
import { openPicker, openPickerByButton, showFields } from './picker.ts';
import { answerPicker } from './picker-submission.ts';
import { acceptExceptions, chooseExceptions, showDetails, stopRun } from './run-buttons.ts';
import { type Tell, tellByResponse, tellInChannel } from './tell.ts';
import { answerUnknown } from './unknown-deliveries.ts';

export const COMMAND = '/runbook';

/** What each button and choice does, by its action id. */
const CLICKS: Readonly<Record<string, ClickHandler>> = {
  approval_approve: approve,
  approval_reject: askForReason,
  exceptions_decide: chooseExceptions,
  picker_open: openPickerByButton,
  picker_runbook: showFields,
  run_details: showDetails,
  run_stop: stopRun,
};

type EventHandler = (parts: ListenerParts, event: unknown, eventId: string) => Promise<void>;

/** What is done with each event, by the name under which it is subscribed to. */
export const EVENTS: Readonly<Record<string, EventHandler>> = {
  app_home_opened: showHome,
  app_mention: answerMention,
  'message.im': answerMention,
};

type SubmissionHandler = (parts: ListenerParts, body: SubmissionBody, tell: Tell) => Promise<void>;

/** What each form does once it is closed, by its callback id. */
const SUBMISSIONS: Readonly<Record<string, SubmissionHandler>> = {
  approval_reject: reject,
  exceptions_decide: acceptExceptions,
};

/** Every listener acknowledges first, works then, and answers in private. */
export function registerListeners(app: App, parts: ListenerParts): void {
  app.command(COMMAND, async ({ ack, command, respond }) => {
    await acknowledge(parts, ack);
    const { text, user_id: user, channel_id: channel, trigger_id } = CommandBody.parse(command);
    const tell = tellByResponse(parts, respond, user);
    const pick = (cluster: string | undefined) =>
      openPicker(parts, trigger_id, { channel, cluster });
    await once(parts, { id: `command:${trigger_id}`, tell }, () =>
      answerCommand(parts, { text, user, channel, tell, pick }),
    );
  });
  for (const [actionId, handle] of Object.entries(CLICKS))
    registerClick(app, parts, { actionId, handle });
  for (const [callbackId, handle] of Object.entries(SUBMISSIONS)) {
    registerSubmission(app, parts, { callbackId, handle });
  }
  answerPicker(app, parts);
  registerEvents(app, parts);
  answerUnknown(app, parts, {
    command: COMMAND,
    actions: Object.keys(CLICKS),
    views: [...Object.keys(SUBMISSIONS), PICKER.callbackId],
  });
}

/** A connection that has just ended cannot acknowledge; what was asked is done all the same, once. */
async function acknowledge({ log }: ListenerParts, ack: () => Promise<void>): Promise<void> {
  await ack().catch((error: unknown) => log.warn({ err: error }, 'not acknowledged in time'));
}

function registerClick(
  app: App,
  parts: ListenerParts,
  { actionId, handle }: { readonly actionId: string; readonly handle: ClickHandler },
): void {
  app.action({ type: 'block_actions', action_id: actionId }, async (args) => {
    await acknowledge(parts, args.ack);
    const body = ClickBody.parse(args.body);
    const action = ClickAction.parse(args.action);
    const user = body.user.id;
    const tell = tellClicker(parts, body, args.respond);
    await once(parts, { id: `click:${user}:${action.action_ts}`, tell }, () =>
      handle(parts, { body, action, user, tell }),
    );
  });
}

/** Beside the message where it is; in a modal or the Home tab there is no such address. */
function tellClicker(parts: ListenerParts, body: ClickBody, respond: RespondFn | undefined): Tell {
  if (body.message && respond) return tellByResponse(parts, respond, body.user.id);
  return tellInChannel(parts, { user: body.user.id });
}

function registerSubmission(
  app: App,
  parts: ListenerParts,
  { callbackId, handle }: { readonly callbackId: string; readonly handle: SubmissionHandler },
): void {
  app.view({ type: 'view_submission', callback_id: callbackId }, async (args) => {
    await acknowledge(parts, args.ack);
    const body = SubmissionBody.parse(args.body);
    const { channel, threadTs } = fromJson(Memory, body.view.private_metadata);
    const tell = tellInChannel(parts, { user: body.user.id, channel, threadTs });
    await once(parts, { id: `view:${body.trigger_id}`, tell }, () => handle(parts, body, tell));
  });
}

function registerEvents(app: App, parts: ListenerParts): void {
  for (const [name, handle] of Object.entries(EVENTS)) {
    const [type = name, channelType] = name.split('.');
    app.event(type, async ({ event, body }) => {
      const isOther = 'channel_type' in event && event.channel_type !== channelType;
      if (channelType !== undefined && isOther) return;
      await handle(parts, event, body.event_id);
    });
  }
}
