import { perform } from './act.js';
import { h, icon } from './dom.js';
import { hintList } from './hint-list.js';
import { nameOf } from './names.js';
import { goTo } from './navigate.js';
import { store } from './store.js';
import { toast } from './toast.js';

const MAX_HEIGHT = 180;
/** What was typed and not sent, by person and place: looking elsewhere loses nothing. */
const drafts = new Map();

/** Puts a text into the message box of a conversation; sending it is left to the person. */
export function writeInto(channel, text) {
  drafts.set(draftKeyOf(channel), text);
  goTo(channel, () => {
    const box = document.querySelector('[data-testid=composer]');
    setText(box, text);
    box.focus();
  });
}

function draftKeyOf(channel, threadTs = '') {
  return `${store.workspace.me}/${channel}/${threadTs}`;
}

/** The message box of a conversation or of a thread, with hints for commands and names. */
export function composer({ channel, threadTs, onSend }) {
  const draftKey = draftKeyOf(channel, threadTs);
  const list = h('div', {
    class: 'hints',
    role: 'listbox',
    'aria-label': 'What could follow',
    id: `hints-${threadTs ?? channel}`,
    hidden: true,
  });
  const box = textBox({ channel, threadTs }, list);
  box.value = drafts.get(draftKey) ?? '';
  const hints = hintList(box, list);

  const send = async () => {
    const text = box.value.trim();
    if (text === '') return;
    setText(box, '');
    onSend();
    drafts.delete(draftKey);
    hints.update();
    const { problem } = await perform({
      do: 'send',
      channel,
      text,
      ...(threadTs ? { threadTs } : {}),
    });
    // the words come back only if nothing was sent: a command that failed did reach the app
    if (problem && !text.startsWith('/') && box.value === '') setText(box, text);
  };
  box.addEventListener('input', () => {
    drafts.set(draftKey, box.value);
    fitHeight(box);
    hints.update();
  });
  box.addEventListener('keydown', (event) => {
    if (event.isComposing || hints.handleKey(event) || event.key !== 'Enter' || event.shiftKey)
      return;
    event.preventDefault();
    void send();
  });

  const element = h(
    'div',
    { class: 'composer' },
    list,
    h(
      'div',
      { class: 'composer-box' },
      box,
      globalShortcuts(threadTs),
      h(
        'button',
        { type: 'button', class: 'send', 'aria-label': 'Send', onclick: send },
        icon('send'),
      ),
    ),
  );
  return { element, update: () => element.classList.toggle('offline', !store.isConnected) };
}

function textBox({ channel, threadTs }, list) {
  const place = placeName(channel);
  return h('textarea', {
    'data-testid': threadTs ? 'thread-composer' : 'composer',
    rows: 1,
    'aria-label': threadTs ? 'Reply in thread' : `Message ${place}`,
    placeholder: threadTs ? 'Reply…' : `Message ${place}, or type /`,
    'aria-controls': list.id,
    'aria-autocomplete': 'list',
  });
}

/** A menu of the app's shortcuts, if it has any. */
function globalShortcuts(threadTs) {
  const shortcuts = store.workspace.shortcuts.filter((each) => each.type === 'global');
  if (threadTs || shortcuts.length === 0) return undefined;
  return shortcuts.map((shortcut) =>
    h(
      'button',
      {
        type: 'button',
        class: 'button button-quiet',
        onclick: () => perform({ do: 'shortcut', callbackId: shortcut.callback_id }),
      },
      shortcut.name,
    ),
  );
}

function placeName(id) {
  const channel = store.channels.get(id);
  if (!channel) return '';
  return channel.is_im ? nameOf(store.workspace.botUser) : `#${channel.name}`;
}

function setText(box, text) {
  box.value = text;
  fitHeight(box);
}

function fitHeight(box) {
  box.style.height = 'auto';
  box.style.height = `${Math.min(MAX_HEIGHT, box.scrollHeight)}px`;
}

window.addEventListener('unhandledrejection', (event) =>
  toast(String(event.reason?.message ?? event.reason)),
);
