import { act } from './api.js';
import { store } from './store.js';

/** place → the first message that was new when the person came; decided once a visit */
const firstNew = new Map();
/** place → how far this page has said it has been read */
const told = new Map();

/** Somebody comes to a place: what is new now is going to be marked. */
export function beginVisit(place) {
  firstNew.delete(place);
}

/** The message above which the line "New" stands; none while nobody looks. */
export function firstNewIn(place, messages, lastRead) {
  if (document.hidden) return firstNew.get(place);
  if (!firstNew.has(place)) {
    const news = messages.find((message) => isUnread(message, lastRead));
    firstNew.set(place, news?.ts);
  }
  return firstNew.get(place);
}

/** What is on the screen, and looked at, has been read. */
export function markRead(element, place, { messages, lastRead }) {
  const isSeen = !document.hidden && element.getClientRects().length > 0;
  const newest = messages.findLast((message) => !message.isPrivate);
  if (!isSeen || !newest || Number(newest.ts) <= Number(lastRead ?? 0)) return;
  const key = `${store.workspace.me}/${place}`;
  if (told.get(key) === newest.ts) return;
  told.set(key, newest.ts);
  void act({ do: 'read', as: store.workspace.me, place, ts: newest.ts });
}

function isUnread(message, lastRead) {
  const isAfter = Number(message.ts) > Number(lastRead ?? 0);
  return isAfter && !message.isPrivate && message.user !== store.workspace.me;
}

// what arrives while the page is out of sight is new when it is looked at again
document.addEventListener('visibilitychange', () => {
  if (document.hidden) firstNew.clear();
});
