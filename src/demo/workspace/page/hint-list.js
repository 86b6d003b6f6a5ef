import { h } from './dom.js';
import { hintsFor } from './hints.js';

/** The list of hints above a message box: shown while something could follow, worked with the keys. */
export function hintList(box, list) {
  let hints = { items: [], active: -1 };
  const draw = () => {
    list.hidden = hints.items.length === 0;
    list.replaceChildren(...hints.items.map((item, index) => hintView(item, index)));
    box.setAttribute('aria-activedescendant', hints.active < 0 ? '' : idOf(hints.active));
  };
  const idOf = (index) => `${list.id}-${index}`;
  const hintView = (item, index) =>
    h(
      'div',
      {
        role: 'option',
        id: idOf(index),
        class: 'hint',
        'aria-selected': String(index === hints.active),
        // before the box loses the focus
        onmousedown: (event) => {
          event.preventDefault();
          accept(item);
        },
      },
      h('b', {}, item.label),
      item.usage && h('code', {}, item.usage),
      h('span', { class: 'muted' }, item.description),
    );
  const accept = (item) => {
    const caret = box.selectionStart;
    box.value = item.complete(box.value.slice(0, caret)) + box.value.slice(caret);
    box.dispatchEvent(new Event('input'));
    box.focus();
  };
  const update = () => {
    hints = hintsFor(box.value.slice(0, box.selectionStart));
    draw();
  };
  const move = (step) => {
    const count = hints.items.length;
    hints.active = (hints.active + step + count) % count;
    draw();
  };
  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(hints.active < 0 ? 0 : -1),
    Escape: () => hide(),
    Tab: () => accept(hints.items[Math.max(0, hints.active)]),
    Enter: () => accept(hints.items[hints.active]),
  };
  const hide = () => {
    hints = { items: [], active: -1 };
    draw();
  };
  /** Enter sends unless a hint has been picked out. */
  const handleKey = (event) => {
    const key = keys[event.key];
    if (hints.items.length === 0 || !key || event.shiftKey) return false;
    if (event.key === 'Enter' && hints.active < 0) return false;
    event.preventDefault();
    key();
    return true;
  };
  box.addEventListener('blur', hide);
  return { update, handleKey };
}
