import type { ViewResponseAction } from '@slack/bolt';
import { RunbookError } from '../../errors.ts';
import { inEnglish } from '../../language/translate.ts';
import { InputError } from '../../runbooks/inputs.ts';
import type { Runbook } from '../../runbooks/runbook.ts';
import {
  CLUSTER_FIELD,
  DRY_RUN_FIELD,
  FIELD_VALUE,
  inputField,
  pickerModal,
  runbookField,
} from '../messages/picker-modal.ts';
import { ineligibleAnswer, startedAnswer } from '../messages/private-answer.ts';
import type { Click } from './click.ts';
import type { ListenerParts } from './listener-parts.ts';
import { fieldTexts, fromJson, PickerNote, type SubmissionBody } from './payloads.ts';
import { openThenFill } from './run-buttons.ts';
import type { Tell } from './tell.ts';

export async function openPicker(
  parts: ListenerParts,
  triggerId: string,
  memory: { readonly channel: string; readonly cluster?: string | undefined },
): Promise<void> {
  const { channel, cluster } = memory;
  const note = { channel, ...(cluster !== undefined && { cluster }) };
  await openThenFill(parts, triggerId, {
    title: 'Run a runbook',
    fill: async () => pickerModal({ ...offered(parts), chosen: undefined, memory: note }),
  });
}

export async function openPickerByButton(parts: ListenerParts, click: Click): Promise<void> {
  const { cluster } = fromJson(PickerNote, click.action.value);
  const channel = click.body.channel?.id ?? '';
  await openPicker(parts, click.body.trigger_id, { channel, cluster });
}

/** A runbook was chosen: its fields replace those of another. */
export async function showFields(parts: ListenerParts, click: Click): Promise<void> {
  const { view } = click.body;
  if (!view) return;
  const memory = withoutRunbook(fromJson(PickerNote, view.private_metadata));
  const chosen = parts.catalogue.find(click.action.selected_option?.value ?? '');
  await parts.client.views.update({
    view_id: view.id,
    view: pickerModal({ ...offered(parts), chosen, memory }),
  });
}

function withoutRunbook({ runbook: _, ...memory }: PickerNote) {
  const { channel, cluster } = memory;
  return { channel, ...(cluster !== undefined && { cluster }) };
}

function offered({ catalogue, clusters }: ListenerParts) {
  return { runbooks: catalogue.all.filter((runbook) => runbook.on.command), clusters };
}

/** Asks for the run; what is wrong is said at the fields. Undefined closes the form. */
export async function submitPicker(
  parts: ListenerParts,
  body: SubmissionBody,
  tell: Tell,
): Promise<ViewResponseAction | undefined> {
  const note = fromJson(PickerNote, body.view.private_metadata);
  const runbook = parts.catalogue.find(note.runbook ?? '');
  if (!runbook) return fieldErrors({ [runbookField(undefined)]: 'Choose a runbook.' });
  try {
    await requestRun(parts, body, { runbook, channel: note.channel, tell });
    return undefined;
  } catch (error) {
    return fieldErrors(errorsOf(runbook, error));
  }
}

async function requestRun(
  parts: ListenerParts,
  body: SubmissionBody,
  form: { readonly runbook: Runbook; readonly channel: string; readonly tell: Tell },
): Promise<void> {
  const { runbook, channel, tell } = form;
  const { decider } = await parts.directory.lookUp(body.user.id);
  if (decider.ineligible !== undefined)
    return tell(ineligibleAnswer(inEnglish(decider.ineligible)));
  const { kind, id, name } = decider;
  const inputs = enteredInputs(body, runbook);
  const clusterName = fieldTexts(body, CLUSTER_FIELD, FIELD_VALUE)[0] ?? '';
  const dryRun = fieldTexts(body, DRY_RUN_FIELD, FIELD_VALUE).length > 0;
  const words = [runbook.name, ...Object.values(inputs)].join(' ');
  const { runId } = await parts.runs.request({
    runbook: runbook.name,
    cluster: clusterName,
    inputs,
    requester: { kind, id, name },
    cause: { kind: 'command', text: words, channel },
    dryRun,
    accepted: [],
  });
  const cluster = parts.clusters.find((each) => each.name === clusterName);
  if (!cluster) return;
  const here = cluster.channel === channel;
  await tell(startedAnswer({ runId, words, cluster, dryRun, here }));
}

function enteredInputs(body: SubmissionBody, runbook: Runbook): Record<string, string> {
  const entries = runbook.inputs.flatMap(({ name }) =>
    fieldTexts(body, inputField(runbook.name, name), FIELD_VALUE).map((text) => [name, text]),
  );
  return Object.fromEntries(entries);
}

function errorsOf(runbook: Runbook, error: unknown): Record<string, string> {
  if (error instanceof InputError) {
    return Object.fromEntries(
      error.problems.map(({ input, message }) => [
        inputField(runbook.name, input),
        inEnglish(message),
      ]),
    );
  }
  if (error instanceof RunbookError) return { [runbookField(runbook.name)]: error.message };
  throw error;
}

function fieldErrors(errors: Record<string, string>): ViewResponseAction {
  return { response_action: 'errors', errors };
}
