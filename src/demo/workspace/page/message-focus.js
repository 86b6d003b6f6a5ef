import { goTo } from './navigate.js';

/** Goes from message to message. Returns false where there is none to go from or to. */
export function focusMessage(event, step) {
  const here = event.target.closest('.message');
  const list = (here ?? event.target.closest('#main, #side'))?.closest('#main, #side');
  const messages = [...(list?.querySelectorAll('.message') ?? [])];
  if (messages.length === 0 || event.target.closest('.menu')) return false;
  if (!here) {
    if (step > 0 || !event.target.matches('textarea')) return false;
    return focus(messages.at(-1));
  }
  const next = messages[messages.indexOf(here) + step];
  if (next) return focus(next);
  return step > 0 ? focus(list.querySelector('textarea')) : true;
}

/** The thread of the message that has the focus. */
export function openThreadOf(event) {
  const link = event.target.closest('#main .message')?.querySelector('[data-thread-of]');
  if (!link) return false;
  const focusReply = () => document.querySelector('#side textarea')?.focus();
  goTo(link.getAttribute('href').slice(1), focusReply);
  return true;
}

/** All messages of a list are one stop for Tab, the newest unless somebody has been on another. */
export function keepOneTabStop(list) {
  const messages = [...list.querySelectorAll('.message')];
  const last = messages.at(-1);
  if (!last || list.contains(document.activeElement)) return;
  for (const each of messages) each.tabIndex = each === last ? 0 : -1;
}

function focus(element) {
  element?.focus();
  element?.scrollIntoView({ block: 'nearest' });
  return true;
}
