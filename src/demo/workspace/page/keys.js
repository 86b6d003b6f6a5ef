import { openJump } from './jump.js';
import { focusMessage, openThreadOf } from './message-focus.js';
import { focusMessageBox, goTo } from './navigate.js';
import { showShortcuts } from './shortcuts.js';
import { store } from './store.js';

/** What F6 goes through, in order: where the focus lands in each. */
const REGIONS = [
  '#sidebar [aria-current], #sidebar a',
  '#act-as',
  '#guide button',
  '#cluster .tile[tabindex="0"], #cluster button',
  '#main textarea, #main .home button',
  '#side textarea',
];

const ANYWHERE = {
  'ctrl+k': openJump,
  'ctrl+/': showShortcuts,
  'alt+arrowdown': () => goToChannel(1),
  'alt+arrowup': () => goToChannel(-1),
  f6: () => goToRegion(1),
  'shift+f6': () => goToRegion(-1),
};
/** These are letters too: not while somebody writes. */
const NOT_WHILE_WRITING = {
  '?': showShortcuts,
  'shift+?': showShortcuts,
  t: openThreadOf,
  arrowup: (event) => focusMessage(event, -1),
  arrowdown: (event) => focusMessage(event, 1),
  escape: closeThread,
};

/** The keys of the page; those of a message box or of a dialog come first. */
export function listenToKeys() {
  document.addEventListener('keydown', (event) => {
    const isDialog = document.querySelector('dialog[open]') !== null;
    if (event.defaultPrevented || event.isComposing || isDialog) return;
    const key = nameOf(event);
    const action =
      ANYWHERE[key] ?? (isWriting(event.target, key) ? undefined : NOT_WHILE_WRITING[key]);
    if (action && action(event) !== false) event.preventDefault();
  });
  document.querySelector('[data-skip]').addEventListener('click', (event) => {
    event.preventDefault();
    const main = document.getElementById('main');
    const newest = main.querySelector('.message[tabindex="0"]') ?? main.querySelector('textarea');
    (newest ?? main).focus();
  });
}

function nameOf(event) {
  const marks = [
    (event.ctrlKey || event.metaKey) && 'ctrl',
    event.altKey && 'alt',
    event.shiftKey && 'shift',
  ];
  return [...marks.filter(Boolean), event.key.toLowerCase()].join('+');
}

/** Escape and, in an empty box, the upward arrow mean nothing to the text. */
function isWriting(target, key) {
  if (key === 'escape') return target.matches('select, .menu *');
  if (key === 'arrowup' && target.matches('.composer textarea')) return target.value !== '';
  return target.matches('input, textarea, select');
}

function goToChannel(step) {
  const places = [...document.querySelectorAll('#sidebar [data-channel]')];
  const at = places.findIndex((each) => each.dataset.channel === store.place.channel);
  const next = places[(at + step + places.length) % places.length];
  goTo(next.dataset.channel, focusMessageBox);
}

function goToRegion(step) {
  const stops = REGIONS.map((selector) => visibleOf(selector)).filter(Boolean);
  const region = (element) => element?.closest('nav, section[id], main, aside');
  const at = stops.findIndex((stop) => region(stop) === region(document.activeElement));
  stops[(at + step + stops.length) % stops.length]?.focus();
}

function visibleOf(selector) {
  return [...document.querySelectorAll(selector)].find((each) => each.getClientRects().length > 0);
}

/** Back to the message that the thread belongs to. */
function closeThread() {
  const { channel, thread } = store.place;
  if (!thread) return false;
  goTo(channel, () => {
    const message = document.querySelector(`#main [data-ts="${CSS.escape(thread)}"]`);
    if (message) message.focus();
    else focusMessageBox();
  });
  return true;
}
