import { h } from './dom.js';
import { mrkdwn } from './mrkdwn.js';
import { nameOf } from './names.js';
import { isReply, onArrival, onChange, store } from './store.js';

const MAX_LENGTH = 240;
const KEPT = 5;

/** Says to screen readers what has just arrived: in full where the person is, by its place elsewhere. */
export function announceArrivals(log) {
  onChange(() => {
    // what was said to one person is not for the next
    if (log.dataset.me !== store.workspace.me) log.replaceChildren();
    log.dataset.me = store.workspace.me;
  });
  onArrival((message) => {
    const words = wordsFor(message);
    if (words === undefined) return;
    log.append(h('p', {}, words));
    while (log.children.length > KEPT) log.firstElementChild.remove();
  });
}

function wordsFor(message) {
  const { channel, thread } = store.place;
  const isHere = message.channel === channel;
  const isInTimeline = !isReply(message) || message.reply_broadcast;
  if (isHere && (isInTimeline || message.thread_ts === thread)) {
    return `${nameOf(message.user)}: ${plainText(message.text)}`;
  }
  const place = store.channels.get(message.channel);
  if (!place || !isInTimeline) return undefined;
  return place.is_im ? `New message from ${nameOf(message.user)}` : `New message in #${place.name}`;
}

function plainText(text) {
  const words = h('div', {}, mrkdwn(text)).textContent;
  return words.length > MAX_LENGTH ? `${words.slice(0, MAX_LENGTH)}…` : words;
}
