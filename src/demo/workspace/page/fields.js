import { h } from './dom.js';
import { textObject } from './mrkdwn.js';
import { store } from './store.js';

/** What the form held for the element before it was drawn, as a value object. */
function held(element, { heldValue, blockId }) {
  return heldValue?.(blockId, element.action_id);
}

/** Marks what can be read back as one value of a form. */
function field(element, surface, ...children) {
  return h(
    'div',
    {
      class: 'field',
      'data-field': element.type,
      'data-block-id': surface.blockId,
      'data-field-action-id': element.action_id,
    },
    ...children,
  );
}

/** The entered values below `root`, by block and action id. */
export function readFields(root) {
  const values = {};
  for (const node of root.querySelectorAll('[data-field]')) {
    const { blockId, fieldActionId } = node.dataset;
    values[blockId] = { ...values[blockId], [fieldActionId]: readField(node) };
  }
  return values;
}

const LISTS = ['checkboxes', 'multi_static_select'];

function readField(node) {
  const type = node.dataset.field;
  if (type === 'external_select') return JSON.parse(node.dataset.option ?? 'null');
  if (type === 'multi_static_select') {
    return [...node.querySelector('select').selectedOptions].map((option) => option.value);
  }
  const checked = [...node.querySelectorAll('input:checked')].map((input) => input.value);
  if (LISTS.includes(type)) return checked;
  if (type === 'radio_buttons') return checked[0] ?? null;
  const { value } = node.querySelector('input, textarea, select');
  if (value === '') return null;
  return type === 'datetimepicker' ? Math.floor(new Date(value).getTime() / 1000) : value;
}

export function textField(element, surface) {
  const tag = element.multiline ? 'textarea' : 'input';
  const types = { email_text_input: 'email', url_text_input: 'url', number_input: 'text' };
  const control = h(tag, {
    type: tag === 'input' ? (types[element.type] ?? 'text') : undefined,
    inputmode: element.type === 'number_input' ? 'decimal' : undefined,
    class: 'input',
    'data-action-id': element.action_id,
    placeholder: element.placeholder?.text,
    minlength: element.min_length,
    maxlength: element.max_length,
    rows: element.multiline ? 4 : undefined,
    autocomplete: 'off',
    ...described(surface),
    value: held(element, surface)?.value ?? element.initial_value ?? '',
  });
  return field(element, surface, control);
}

export function dateField(element, surface) {
  const types = { datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local' };
  const before = held(element, surface) ?? {};
  const control = h('input', {
    type: types[element.type],
    class: 'input input-short',
    'data-action-id': element.action_id,
    ...described(surface),
    value:
      before.selected_date ??
      before.selected_time ??
      element.initial_date ??
      element.initial_time ??
      '',
    onchange: (event) => surface.isForm || surface.choose(event.target.value),
  });
  return field(element, surface, control);
}

export function select(element, surface) {
  const isMulti = element.type.startsWith('multi_');
  const before = chosenBefore(element, surface);
  const control = h(
    'select',
    {
      class: 'input select',
      multiple: isMulti,
      'data-action-id': element.action_id,
      'aria-label': surface.isForm ? undefined : (element.placeholder?.text ?? 'Choose'),
      ...described(surface),
      onchange: async (event) => {
        if (surface.isForm) return;
        const done = await surface.choose(event.target.value);
        if (!done) event.target.value = before[0] ?? '';
      },
    },
    isMulti ? undefined : h('option', { value: '' }, element.placeholder?.text ?? 'Choose…'),
    optionsOf(element),
  );
  for (const option of control.options) {
    if (before.includes(option.value)) option.selected = true;
  }
  return field(element, surface, control);
}

function optionsOf(element) {
  if (element.option_groups) {
    return element.option_groups.map((group) =>
      h('optgroup', { label: group.label.text }, ...group.options.map(option)),
    );
  }
  if (element.options) return element.options.map(option);
  if (element.type === 'users_select') {
    const people = [...store.users.values()].filter((user) => !user.is_bot && !user.deleted);
    return people.map((user) => h('option', { value: user.id }, user.real_name));
  }
  const channels = [...store.channels.values()].filter((channel) => !channel.is_im);
  return channels.map((channel) => h('option', { value: channel.id }, `#${channel.name}`));
}

function option({ text, value, description }) {
  const label = description ? `${text.text} (${description.text})` : text.text;
  return h('option', { value }, label);
}

function chosenBefore(element, surface) {
  const before = held(element, surface) ?? {
    selected_option: element.initial_option,
    selected_options: element.initial_options,
    selected_user: element.initial_user,
    selected_channel: element.initial_channel,
    selected_conversation: element.initial_conversation,
  };
  const one = before.selected_option?.value ?? before.selected_user ?? before.selected_channel;
  const other = one ?? before.selected_conversation;
  return other ? [other] : (before.selected_options ?? []).map((each) => each.value);
}

/** Checkboxes and radio buttons. */
export function choiceList(element, surface) {
  const isRadio = element.type === 'radio_buttons';
  const before = chosenBefore(element, surface);
  const name = `${surface.blockId}-${element.action_id}-${crypto.randomUUID()}`;
  const items = element.options.map(({ text, description, value }) => {
    const input = h('input', { type: isRadio ? 'radio' : 'checkbox', name, value });
    input.checked = before.includes(value);
    const label = h(
      'span',
      {},
      textObject(text),
      description && h('small', {}, textObject(description)),
    );
    return h('label', { class: 'choice' }, input, label);
  });
  const list = field(element, surface, ...items);
  list.setAttribute('role', isRadio ? 'radiogroup' : 'group');
  list.dataset.actionId = element.action_id;
  if (surface.labelId) list.setAttribute('aria-labelledby', surface.labelId);
  list.addEventListener('change', () => surface.isForm || surface.choose(readField(list)));
  return list;
}

/** A select whose options the app gives while somebody types. */
export function externalSelect(element, surface) {
  const listId = `options-${crypto.randomUUID()}`;
  const before = held(element, surface)?.selected_option ?? element.initial_option;
  const list = h('datalist', { id: listId });
  let offered = before ? [before] : [];
  const control = h('input', {
    class: 'input',
    list: listId,
    autocomplete: 'off',
    'data-action-id': element.action_id,
    placeholder: element.placeholder?.text ?? 'Type to search',
    ...described(surface),
    value: before?.text.text ?? '',
  });
  const root = field(element, surface, control, list);
  const take = () => {
    const found = offered.find((each) => each.text.text === control.value) ?? null;
    root.dataset.option = JSON.stringify(found);
    return found;
  };
  const look = async () => {
    const action = { actionId: element.action_id, blockId: surface.blockId };
    offered = (await surface.suggest?.(action, control.value)) ?? [];
    list.replaceChildren(...offered.map((each) => h('option', { value: each.text.text })));
    take();
  };
  control.addEventListener('input', look);
  control.addEventListener('focus', look, { once: true });
  control.addEventListener('change', () => {
    const found = take();
    if (found && !surface.isForm) surface.choose(found);
  });
  take();
  return root;
}

function described({ labelId, errorId }) {
  return {
    'aria-labelledby': labelId,
    'aria-describedby': errorId,
    'aria-invalid': errorId ? 'true' : undefined,
  };
}
