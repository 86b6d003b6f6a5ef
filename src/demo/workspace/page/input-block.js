import { h } from './dom.js';
import { element } from './elements.js';
import { withEmoji } from './emoji.js';

let count = 0;

/** A labelled field of a form, with what the last submission was refused for. */
export function inputBlock(block, surface) {
  count += 1;
  const labelId = `label-${count}`;
  const error = surface.errors?.[block.block_id];
  const errorId = error === undefined ? undefined : `error-${count}`;
  return h(
    'div',
    {
      class: error === undefined ? 'form-row' : 'form-row has-error',
      'data-input-block': block.block_id,
    },
    h(
      'div',
      { id: labelId, class: 'label' },
      withEmoji(block.label.text),
      block.optional && h('span', { class: 'optional' }, 'optional'),
    ),
    element(block.element, { ...surface, isForm: !block.dispatch_action, labelId, errorId }),
    error === undefined ? undefined : h('p', { id: errorId, class: 'error', role: 'alert' }, error),
    block.hint && h('p', { class: 'hint-text' }, withEmoji(block.hint.text)),
  );
}
