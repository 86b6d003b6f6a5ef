import { h } from './dom.js';
import { store } from './store.js';

/** Who speaks when it is the workspace itself. */
const WORKSPACE_VOICE = 'USLACKBOT';
const COLORS = 8;

export function nameOf(userId) {
  if (userId === WORKSPACE_VOICE) return store.workspace.name;
  return store.users.get(userId)?.real_name ?? userId;
}

export function isApp(userId) {
  return store.users.get(userId)?.is_bot === true;
}

/** A coloured shape with initials: people are round, apps square. */
export function avatar(userId, size = 'normal') {
  const shape = isApp(userId) || userId === WORKSPACE_VOICE ? 'square' : 'round';
  const classes = `avatar avatar-${shape} avatar-${size} tint-${tintOf(userId)}`;
  return h('span', { class: classes, 'aria-hidden': 'true' }, initialsOf(nameOf(userId)));
}

function initialsOf(name) {
  const words = name.split(/\s+/);
  return words.length > 1 ? words[0][0] + words.at(-1)[0] : name.slice(0, 1);
}

function tintOf(userId) {
  if (userId === store.workspace.botUser) return 'app';
  if (userId === WORKSPACE_VOICE) return 'voice';
  let sum = 0;
  for (const character of userId) sum = (sum * 31 + character.codePointAt(0)) % 9973;
  return sum % COLORS;
}

export function mention(text, isMe = false) {
  return h('span', { class: isMe ? 'mention mention-me' : 'mention' }, text);
}

export function userMention(id) {
  return mention(`@${nameOf(id)}`, id === store.workspace.me);
}

export function groupMention(id, label) {
  const group = store.groups.get(id);
  const isMine = group?.users.includes(store.workspace.me);
  return mention(group ? `@${group.handle}` : (label ?? `@${id}`), isMine);
}

export function channelLink(id, label) {
  const channel = store.channels.get(id);
  const name = `#${channel?.name ?? label ?? id}`;
  return channel ? h('a', { class: 'mention', href: `#${id}` }, name) : mention(name);
}

/** Only addresses that a person can safely follow; others are shown as text. */
export function outerLink(url, label) {
  if (!/^(https?:|mailto:)/i.test(url)) return document.createTextNode(label);
  // links into this workspace stay on this page
  const isHere = url.startsWith(`${location.origin}/#`);
  if (isHere) return h('a', { href: url }, label);
  return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, label);
}
