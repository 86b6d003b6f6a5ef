import { askToConfirm } from './confirm.js';
import { h, icon } from './dom.js';
import { withEmoji } from './emoji.js';
import { choiceList, dateField, externalSelect, select, textField } from './fields.js';
import { textObject } from './mrkdwn.js';
import { outerLink } from './names.js';

/**
 * @typedef {object} Surface what an element belongs to
 * @property {string} blockId
 * @property {(action: {actionId: string, blockId: string, chosen?: unknown}) => Promise<void>} click
 * @property {boolean} [isForm] the value is sent with the form, not at once
 * @property {(blockId: string, actionId: string) => object} [heldValue] what was entered before
 * @property {(action: object, typed: string) => Promise<object[]>} [suggest]
 */

const RENDERERS = {
  button,
  workflow_button: button,
  image: (element) => h('img', { src: element.image_url, alt: element.alt_text, loading: 'lazy' }),
  overflow,
  feedback_buttons: feedback,
  icon_button: button,
  static_select: select,
  multi_static_select: select,
  users_select: select,
  channels_select: select,
  conversations_select: select,
  external_select: externalSelect,
  checkboxes: choiceList,
  radio_buttons: choiceList,
  plain_text_input: textField,
  email_text_input: textField,
  url_text_input: textField,
  number_input: textField,
  datepicker: dateField,
  timepicker: dateField,
  datetimepicker: dateField,
};

/** An element of a block, wired to what it belongs to. */
export function element(element, surface) {
  const render = RENDERERS[element.type];
  if (!render) return h('span', { class: 'unknown' }, `[${element.type}]`);
  return render(element, { ...surface, choose: (chosen) => choose(element, surface, chosen) });
}

/** Acts, after the confirm dialog if the element has one. Resolves with whether it was done. */
async function choose(element, surface, chosen) {
  if (element.confirm && !(await askToConfirm(element.confirm))) return false;
  await surface.click({ actionId: element.action_id, blockId: surface.blockId, chosen });
  return true;
}

function button(element, surface) {
  const props = {
    type: 'button',
    class: `button${element.style ? ` button-${element.style}` : ''}`,
    'data-action-id': element.action_id,
    'aria-label': element.accessibility_label,
    onclick: (event) => whileBusy(event.currentTarget, () => press(element, surface)),
  };
  const mark = element.url ? icon('link') : undefined;
  return h('button', props, mark, h('span', {}, withEmoji(element.text.text)));
}

async function press(element, surface) {
  if (element.url) outerLink(element.url, '').click?.();
  await surface.choose(undefined);
}

/** A second press while the first is on its way does nothing. */
async function whileBusy(target, work) {
  if (target.getAttribute('aria-busy') === 'true') return;
  target.setAttribute('aria-busy', 'true');
  try {
    await work();
  } finally {
    target.removeAttribute('aria-busy');
  }
}

function overflow(element, surface) {
  const items = element.options.map((option) =>
    h(
      'button',
      {
        type: 'button',
        role: 'menuitem',
        class: 'menu-item',
        onclick: (event) => {
          event.currentTarget.closest('details').open = false;
          if (option.url) outerLink(option.url, '').click?.();
          surface.choose(option.value);
        },
      },
      textObject(option.text),
    ),
  );
  return menu({ label: 'More actions', actionId: element.action_id, items });
}

/** A button with three dots and what it opens. */
export function menu({ label, actionId, items }) {
  const details = h(
    'details',
    { class: 'menu' },
    h(
      'summary',
      { class: 'button button-icon', 'aria-label': label, 'data-action-id': actionId },
      icon('more'),
    ),
    h('div', { class: 'menu-items', role: 'menu' }, ...items),
  );
  details.addEventListener('focusout', (event) => {
    if (!details.contains(event.relatedTarget)) details.open = false;
  });
  details.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    details.open = false;
    details.querySelector('summary').focus();
  });
  return details;
}

function feedback(element, surface) {
  const one = ({ text, value, accessibility_label: label }) =>
    h(
      'button',
      {
        type: 'button',
        class: 'button',
        'aria-label': label,
        'data-action-id': element.action_id,
        onclick: () => surface.choose({ type: 'feedback_buttons', value }),
      },
      withEmoji(text.text),
    );
  return h(
    'span',
    { class: 'feedback' },
    one(element.positive_button),
    one(element.negative_button),
  );
}
