import { perform } from './act.js';
import { blocks } from './blocks.js';
import { h, icon } from './dom.js';
import { menu } from './elements.js';
import { emojiOf } from './emoji.js';
import { mrkdwn } from './mrkdwn.js';
import { avatar, isApp, nameOf } from './names.js';
import { store } from './store.js';
import { clockOf, fullTimeOf } from './times.js';

/** Messages of one person within this time stand under one name. */
const GROUPED_SECONDS = 300;

/**
 * The messages as items for `keyed`, each knowing whether it follows one of the same person.
 * @param options.newFrom the message above which the line "New" stands
 */
export function messageItems(messages, { inThread = false, newFrom } = {}) {
  return messages.flatMap((message, index) => {
    const isFirstNew = message.ts === newFrom;
    const follows = !isFirstNew && continues(messages[index - 1], message);
    const item = {
      key: message.ts,
      version: JSON.stringify([{ ...message, count: undefined }, follows, store.workspace.me]),
      build: () => messageView(message, { follows, inThread }),
    };
    return isFirstNew ? [NEW_LINE, item] : [item];
  });
}

const NEW_LINE = {
  key: 'new',
  version: '',
  build: () => h('li', { class: 'day new', 'data-testid': 'new-line' }, h('span', {}, 'New')),
};

function continues(before, message) {
  if (!before || before.user !== message.user || message.isPrivate || before.isPrivate)
    return false;
  if (message.reply_broadcast || before.thread || hasButtons(before)) return false;
  return Number(message.ts) - Number(before.ts) < GROUPED_SECONDS;
}

/** A message to act on stands by itself. */
function hasButtons({ blocks }) {
  return blocks.some((block) => block.type === 'actions');
}

function messageView(message, { follows, inThread }) {
  const classes = ['message', follows && 'follows', message.isPrivate && 'private'];
  return h(
    'li',
    {
      class: classes.filter(Boolean).join(' '),
      'data-ts': message.ts,
      'data-user': message.user,
      'data-private': message.isPrivate,
      tabindex: '-1',
    },
    h('div', { class: 'gutter' }, follows ? time(message) : avatar(message.user)),
    h(
      'div',
      { class: 'message-main' },
      message.isPrivate && privateNote(),
      !inThread && message.reply_broadcast && broadcastNote(message),
      follows ? undefined : byline(message),
      body(message),
      marks(message),
      !inThread && message.thread && threadLink(message),
    ),
    tools(message, inThread),
  );
}

function byline(message) {
  return h(
    'div',
    { class: 'byline' },
    h('span', { class: 'name' }, nameOf(message.user)),
    isApp(message.user) && h('span', { class: 'badge' }, 'APP'),
    time(message),
    message.pinned && h('span', { class: 'pinned' }, icon('pin'), 'Pinned'),
  );
}

function time(message) {
  return h('time', { class: 'time', title: fullTimeOf(message.ts) }, clockOf(message.ts));
}

function body(message) {
  const surface = {
    click: (action) =>
      perform({ do: 'click', message: { channel: message.channel, ts: message.ts }, action }),
  };
  return h(
    'div',
    { class: 'body' },
    message.blocks.length > 0
      ? blocks(message.blocks, surface)
      : h('div', { class: 'text' }, mrkdwn(message.text)),
    message.edited && h('span', { class: 'edited' }, '(edited)'),
    ...(message.files ?? []).map(file),
  );
}

function file({ title, name, size, id }) {
  return h(
    'a',
    { class: 'file', href: `/files/${id}`, target: '_blank', rel: 'noopener' },
    icon('file'),
    h('span', {}, title || name),
    h('small', {}, size < 1024 ? `${size} B` : `${Math.round(size / 1024)} kB`),
  );
}

function marks(message) {
  const reactions = message.reactions ?? [];
  if (reactions.length === 0) return undefined;
  return h(
    'div',
    { class: 'reactions' },
    ...reactions.map(({ name, users }) =>
      h(
        'span',
        { class: 'reaction', title: `${users.map(nameOf).join(', ')} reacted with :${name}:` },
        emojiOf(name) ?? `:${name}:`,
        h('b', {}, users.length),
      ),
    ),
  );
}

function threadLink({ channel, ts, thread }) {
  const count = thread.reply_count;
  return h(
    'a',
    { class: 'thread-link', href: `#${channel}/${ts}`, 'data-testid': 'replies' },
    ...thread.reply_users.slice(0, 4).map((user) => avatar(user, 'small')),
    h('b', {}, `${count} ${count === 1 ? 'reply' : 'replies'}`),
    thread.unread > 0 && h('span', { class: 'thread-new' }, `${thread.unread} new`),
    h('span', { class: 'muted' }, `last at ${clockOf(thread.latest_reply)}`),
  );
}

function privateNote() {
  return h('div', { class: 'note' }, icon('eye'), 'Only visible to you');
}

function broadcastNote({ channel, thread_ts: threadTs }) {
  return h(
    'a',
    { class: 'note', href: `#${channel}/${threadTs}` },
    icon('reply'),
    'replied to a thread',
  );
}

function tools(message, inThread) {
  if (message.isPrivate) {
    return h(
      'div',
      { class: 'tools' },
      h(
        'button',
        {
          type: 'button',
          class: 'icon-button',
          'aria-label': 'Dismiss message',
          onclick: () => perform({ do: 'dismiss', ts: message.ts }),
        },
        icon('close'),
      ),
    );
  }
  const shortcuts = shortcutMenu(message);
  if (inThread && !shortcuts) return undefined;
  const root = message.thread_ts ?? message.ts;
  return h(
    'div',
    { class: 'tools' },
    !inThread &&
      h(
        'a',
        {
          class: 'icon-button',
          href: `#${message.channel}/${root}`,
          'aria-label': 'Reply in thread',
          'data-thread-of': root,
        },
        icon('reply'),
      ),
    shortcuts,
  );
}

function shortcutMenu({ channel, ts }) {
  const shortcuts = store.workspace.shortcuts.filter((each) => each.type === 'message');
  if (shortcuts.length === 0) return undefined;
  const items = shortcuts.map((shortcut) =>
    h(
      'button',
      {
        type: 'button',
        role: 'menuitem',
        class: 'menu-item',
        onclick: () =>
          perform({ do: 'shortcut', callbackId: shortcut.callback_id, message: { channel, ts } }),
      },
      shortcut.name,
    ),
  );
  return menu({ label: 'Message shortcuts', items });
}
