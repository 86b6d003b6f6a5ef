import { h, icon } from './dom.js';

const SHOWN_MS = 8000;

/** Tells the person something beside what they look at. */
export function toast(text) {
  const remove = () => element.remove();
  const element = h(
    'div',
    { class: 'toast' },
    icon('alert'),
    h('span', {}, text),
    h('button', { class: 'icon-button', 'aria-label': 'Dismiss', onclick: remove }, icon('close')),
  );
  document.getElementById('toasts').append(element);
  setTimeout(remove, SHOWN_MS);
}
