import { composer } from './composer.js';
import { h, icon, keyed } from './dom.js';
import { messageItems } from './message.js';
import { keepOneTabStop } from './message-focus.js';
import { beginVisit, firstNewIn, markRead } from './reading.js';
import { keepPlace, stayAtEnd, toEnd } from './scrolling.js';
import { store, threadOf } from './store.js';

let shown;

/** The right: one thread, or nothing. */
export function renderThread(root) {
  const { channel, thread } = store.place;
  root.hidden = thread === undefined;
  if (thread === undefined) {
    shown = undefined;
    root.replaceChildren();
    return;
  }
  const place = `${store.workspace.me}/${channel}/${thread}`;
  if (shown?.place !== place) {
    beginVisit(`${channel}/${thread}`);
    shown = { ...build(channel, thread), place };
    root.replaceChildren(shown.element);
  }
  shown.update();
}

function build(channel, ts) {
  const rootList = h('ol', { class: 'messages thread-root', 'aria-label': 'First message' });
  const count = h('div', { class: 'day' });
  const list = h('ol', { class: 'messages', 'aria-label': 'Replies' });
  const scroller = h('div', { class: 'scroller', tabindex: '-1' }, rootList, count, list);
  stayAtEnd(scroller);
  const box = composer({ channel, threadTs: ts, onSend: () => toEnd(scroller) });
  const element = h(
    'section',
    { class: 'thread', 'data-testid': 'thread', 'data-thread-ts': ts },
    h(
      'header',
      { class: 'head' },
      h(
        'a',
        { class: 'icon-button only-phone', href: `#${channel}`, 'aria-label': 'Back' },
        icon('back'),
      ),
      h('h2', {}, 'Thread'),
      h('span', { class: 'topic' }, where(channel)),
      h(
        'a',
        { class: 'icon-button not-phone', href: `#${channel}`, 'aria-label': 'Close thread' },
        icon('close'),
      ),
    ),
    scroller,
    box.element,
  );
  const draw = () => {
    const { root, replies } = threadOf(channel, ts);
    keyed(rootList, root ? messageItems([root], { inThread: true }) : []);
    const words = replies.length === 1 ? '1 reply' : `${replies.length} replies`;
    count.replaceChildren(h('span', {}, words));
    count.hidden = replies.length === 0;
    const lastRead = root?.thread?.lastRead;
    const newFrom = root?.thread && firstNewIn(`${channel}/${ts}`, replies, lastRead);
    keyed(list, messageItems(replies, { inThread: true, newFrom }));
    keepOneTabStop(scroller);
    if (root?.thread) markRead(list, `${channel}/${ts}`, { messages: replies, lastRead });
  };
  return {
    element,
    update: () => {
      keepPlace(scroller, draw);
      box.update();
    },
  };
}

function where(id) {
  const channel = store.channels.get(id);
  return !channel || channel.is_im ? '' : `#${channel.name}`;
}
