import type { Json, JsonObject } from '../../../json.ts';
import type { Block, ViewState } from '../model.ts';

/** The elements of a view that hold a value, with the block each is in. */
export interface InputField {
  readonly blockId: string;
  readonly actionId: string;
  readonly element: JsonObject;
  /** A submission without it is refused; only input blocks demand anything. */
  readonly required: boolean;
}

const VALUE_KEY: Readonly<Record<string, string>> = {
  plain_text_input: 'value',
  email_text_input: 'value',
  url_text_input: 'value',
  number_input: 'value',
  rich_text_input: 'rich_text_value',
  static_select: 'selected_option',
  external_select: 'selected_option',
  radio_buttons: 'selected_option',
  multi_static_select: 'selected_options',
  checkboxes: 'selected_options',
  users_select: 'selected_user',
  channels_select: 'selected_channel',
  conversations_select: 'selected_conversation',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
};
const INITIAL_KEYS = [
  'initial_value',
  'initial_option',
  'initial_options',
  'initial_user',
  'initial_channel',
  'initial_conversation',
  'initial_date',
  'initial_time',
  'initial_date_time',
];

export function inputFields(blocks: readonly Block[]): InputField[] {
  return blocks.flatMap((block) => {
    const children = block['child_blocks'];
    if (Array.isArray(children)) return inputFields(children as JsonObject[]);
    const candidates = [block['element'], block['accessory'], ...elementsOf(block)];
    return candidates.flatMap((candidate) => {
      const element = candidate as JsonObject | undefined;
      if (!element || !(String(element['type']) in VALUE_KEY)) return [];
      return {
        blockId: String(block['block_id']),
        actionId: String(element['action_id']),
        element,
        required: block['type'] === 'input' && block['optional'] !== true,
      };
    });
  });
}

/** What the fields hold before anybody touches them. */
export function initialState(blocks: readonly Block[]): ViewState {
  const state: Record<string, Record<string, JsonObject>> = {};
  for (const { blockId, actionId, element } of inputFields(blocks)) {
    const key = INITIAL_KEYS.find((candidate) => candidate in element);
    const fields = state[blockId] ?? {};
    fields[actionId] = fieldValue(element, key === undefined ? null : (element[key] ?? null));
    state[blockId] = fields;
  }
  return state;
}

/** The value object of an element, such as `{type: 'static_select', selected_option: …}`. */
export function fieldValue(element: JsonObject, value: Json): JsonObject {
  const type = String(element['type']);
  const isList = type === 'checkboxes' || type.startsWith('multi_');
  return { type, [VALUE_KEY[type] ?? 'value']: value ?? (isList ? [] : null) };
}

export function isEmpty(value: JsonObject | undefined): boolean {
  if (!value) return true;
  const { type: _type, ...held } = value;
  return Object.values(held).every(
    (each) => each === null || each === '' || (Array.isArray(each) && each.length === 0),
  );
}

function elementsOf(block: Block): readonly Json[] {
  const elements = block['elements'];
  return block['type'] === 'actions' && Array.isArray(elements) ? elements : [];
}
