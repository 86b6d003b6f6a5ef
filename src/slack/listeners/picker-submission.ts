import { setTimeout as delay } from 'node:timers/promises';
import type { App, ViewResponseAction } from '@slack/bolt';
import { messageModal } from '../messages/modals.ts';
import { PICKER } from '../messages/picker-modal.ts';
import { plainAnswer } from '../messages/private-answer.ts';
import type { ListenerParts } from './listener-parts.ts';
import { once } from './once.ts';
import { fromJson, PickerNote, SubmissionBody } from './payloads.ts';
import { submitPicker } from './picker.ts';
import { tellInChannel } from './tell.ts';

/** Slack gives a submission three seconds. */
const PATIENCE_MS = 2400;

/** The one form that is answered with what is wrong in it, as long as Slack waits for that. */
export function answerPicker(app: App, parts: ListenerParts): void {
  app.view({ type: 'view_submission', callback_id: PICKER.callbackId }, async (args) => {
    const body = SubmissionBody.parse(args.body);
    const { channel } = fromJson(PickerNote, body.view.private_metadata);
    const tell = tellInChannel(parts, { user: body.user.id, channel: channel || undefined });
    let answer: ViewResponseAction | undefined;
    const working = once(parts, { id: `view:${body.trigger_id}`, tell }, async () => {
      answer = await submitPicker(parts, body, tell);
    });
    const inTime = await Promise.race([working.then(() => true), delay(PATIENCE_MS, false)]);
    if (inTime) {
      await (answer === undefined ? args.ack() : args.ack(answer));
      return;
    }
    const view = messageModal('Run a runbook', 'This takes longer. You are told in private.');
    await args.ack({ response_action: 'update', view });
    await working;
    if (answer?.response_action === 'errors') {
      await tell(plainAnswer(Object.values(answer.errors).join('\n')));
    }
  });
}
