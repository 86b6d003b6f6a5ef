import type { KnownBlock, ModalView, PlainTextOption, StaticSelect } from '@slack/types';
import { inEnglish } from '../../language/translate.ts';
import type { InputDefinition, Runbook } from '../../runbooks/runbook.ts';
import { context, plain, section } from './blocks.ts';
import { line } from './mrkdwn.ts';
import type { NamedCluster } from './private-answer.ts';

/** Slack shows at most this many options. */
const OPTIONS = 100;
export const PICKER = { callbackId: 'picker_submit', runbookAction: 'picker_runbook' } as const;
export const CLUSTER_FIELD = 'picker_cluster';
export const DRY_RUN_FIELD = 'picker_dry_run';
/** The action id of every field that is only read when the form is submitted. */
export const FIELD_VALUE = 'value';

/** What the form must remember; the rest is in its fields. */
interface PickerMemory {
  /** Where the command was typed. */
  readonly channel: string;
  readonly runbook?: string;
  readonly cluster?: string;
}

export interface PickerContent {
  readonly runbooks: readonly Runbook[];
  readonly clusters: readonly NamedCluster[];
  readonly chosen: Runbook | undefined;
  readonly memory: PickerMemory;
}

/** Names the choice of a runbook. Another name for each choice: what was entered in a block that stays would win over ours. */
export function runbookField(chosen: string | undefined): string {
  return chosen === undefined ? 'picker_runbook' : `picker_runbook/${chosen}`;
}

/** Names the field of one input, so that values do not wander between runbooks. */
export function inputField(runbook: string, input: string): string {
  return `input/${runbook}/${input}`;
}

/** Choose a runbook; then its fields come from its `inputs`. */
export function pickerModal(content: PickerContent): ModalView {
  const { chosen, memory } = content;
  const form = chosen
    ? [section(line(inEnglish(chosen.description), 2000)), ...formFields(content, chosen)]
    : [section('Choose a runbook, and its fields appear here.')];
  return {
    type: 'modal',
    callback_id: PICKER.callbackId,
    title: plain('Run a runbook', 24),
    close: plain('Close', 24),
    ...(chosen && { submit: plain('Make a plan', 24) }),
    private_metadata: JSON.stringify({ ...memory, ...(chosen && { runbook: chosen.name }) }),
    blocks: [runbookChoice(content), ...form].slice(0, 100),
  };
}

function runbookChoice({ runbooks, chosen }: PickerContent): KnownBlock {
  const options = runbooks.slice(0, OPTIONS).map(runbookOption);
  return {
    type: 'input',
    block_id: runbookField(chosen?.name),
    dispatch_action: true,
    label: plain('Runbook'),
    element: {
      type: 'static_select',
      action_id: PICKER.runbookAction,
      placeholder: plain('Choose a runbook', 150),
      options,
      ...(chosen && { initial_option: runbookOption(chosen) }),
    },
  };
}

function runbookOption(runbook: Runbook): PlainTextOption {
  return { text: plain(`${runbook.name}: ${inEnglish(runbook.title)}`, 75), value: runbook.name };
}

function formFields(content: PickerContent, runbook: Runbook): KnownBlock[] {
  return [
    clusterChoice(content),
    ...runbook.inputs.map((input) => inputBlock(runbook, input)),
    {
      type: 'input',
      block_id: DRY_RUN_FIELD,
      optional: true,
      label: plain('Dry run'),
      element: {
        type: 'checkboxes',
        action_id: FIELD_VALUE,
        options: [{ text: plain('Only show the plan; change nothing', 75), value: 'dry-run' }],
      },
    },
    context('A plan is made first. What cannot be undone is only done once it is approved.'),
  ];
}

function clusterChoice({ clusters, memory }: PickerContent): KnownBlock {
  const options = clusters.slice(0, OPTIONS).map(clusterOption);
  const preset = clusters.find((each) =>
    memory.cluster ? each.name === memory.cluster : each.channel === memory.channel,
  );
  return {
    type: 'input',
    block_id: CLUSTER_FIELD,
    label: plain('Cluster'),
    element: {
      type: 'static_select',
      action_id: FIELD_VALUE,
      placeholder: plain('Choose a cluster', 150),
      options,
      ...(preset && { initial_option: clusterOption(preset) }),
    },
  };
}

function clusterOption(cluster: NamedCluster): PlainTextOption {
  return { text: plain(`${cluster.name} (${cluster.region})`, 75), value: cluster.name };
}

function inputBlock(runbook: Runbook, input: InputDefinition): KnownBlock {
  const hint = input.description ? { hint: plain(inEnglish(input.description), 2000) } : {};
  return {
    type: 'input',
    block_id: inputField(runbook.name, input.name),
    label: plain(inEnglish(input.title), 2000),
    optional: !input.required || input.default !== undefined,
    element: inputElement(input),
    ...hint,
  };
}

function inputElement(input: InputDefinition) {
  if (input.type === 'boolean')
    return select(['true', 'false'], input, { true: 'Yes', false: 'No' });
  if (input.type === 'choice') return select(input.choices, input, {});
  const preset = input.default === undefined ? {} : { initial_value: String(input.default) };
  return { type: 'plain_text_input' as const, action_id: FIELD_VALUE, max_length: 500, ...preset };
}

function select(
  values: readonly string[],
  input: InputDefinition,
  labels: Readonly<Record<string, string>>,
): StaticSelect {
  const option = (value: string) => ({ text: plain(labels[value] ?? value, 75), value });
  const preset = values.find((value) => value === String(input.default));
  return {
    type: 'static_select',
    action_id: FIELD_VALUE,
    placeholder: plain(`Choose ${input.name}`, 150),
    options: values.slice(0, OPTIONS).map(option),
    ...(preset !== undefined && { initial_option: option(preset) }),
  };
}
