import type { ModalView } from '@slack/types';
import { errorMessage } from '../../errors.ts';
import { inEnglish, translated } from '../../language/translate.ts';
import {
  detailsModal,
  EXCEPTIONS_CHOSEN,
  exceptionsModal,
  loadingModal,
  messageModal,
} from '../messages/modals.ts';
import { plainAnswer } from '../messages/private-answer.ts';
import { eligiblePerson } from './answer-command.ts';
import { type Click, clickedRun, whereabouts } from './click.ts';
import type { ListenerParts } from './listener-parts.ts';
import { fieldTexts, fromJson, Memory, type SubmissionBody } from './payloads.ts';
import type { Tell } from './tell.ts';

export async function stopRun(parts: ListenerParts, click: Click): Promise<void> {
  const person = await eligiblePerson(parts, click);
  if (!person) return;
  const { text } = await parts.runs.stop(clickedRun(click).runId, person);
  await click.tell(plainAnswer(inEnglish(text)));
}

export async function showDetails(parts: ListenerParts, click: Click): Promise<void> {
  const { runId } = clickedRun(click);
  await openThenFill(parts, click.body.trigger_id, {
    title: 'Details',
    fill: async () => detailsModal(translated(await parts.runs.get(runId), inEnglish)),
  });
}

export async function chooseExceptions(parts: ListenerParts, click: Click): Promise<void> {
  const memory = { ...clickedRun(click), ...whereabouts(click) };
  await openThenFill(parts, click.body.trigger_id, {
    title: 'Decide exceptions',
    fill: async () => {
      const run = await parts.runs.get(memory.runId);
      if (run.status === 'blocked') return exceptionsModal(translated(run, inEnglish), memory);
      return messageModal('Decide exceptions', 'This plan no longer waits for a decision.');
    },
  });
}

export async function acceptExceptions(
  parts: ListenerParts,
  body: SubmissionBody,
  tell: Tell,
): Promise<void> {
  const { runId } = fromJson(Memory, body.view.private_metadata);
  const names = fieldTexts(body, EXCEPTIONS_CHOSEN.blockId, EXCEPTIONS_CHOSEN.actionId);
  const person = await eligiblePerson(parts, { user: body.user.id, tell });
  if (!person || names.length === 0) return;
  const result = await parts.runs.acceptExceptions(runId, names, person);
  if (result.status === 'refused' || result.status === 'too_late') {
    await tell(plainAnswer(inEnglish(result.why)));
  }
}

/** Opens a loading view while the trigger lives, and fills it when its content is known. */
export async function openThenFill(
  { client }: ListenerParts,
  triggerId: string,
  content: { readonly title: string; readonly fill: () => Promise<ModalView> },
): Promise<void> {
  const opened = await client.views.open({
    trigger_id: triggerId,
    view: loadingModal(content.title),
  });
  const viewId = opened.view?.id;
  if (!viewId) return;
  const view = await content.fill().catch((error: unknown) => {
    return messageModal(content.title, errorMessage(error));
  });
  await client.views.update({ view_id: viewId, view });
}
