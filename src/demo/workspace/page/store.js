import { EventChanges, query } from './api.js';

/** What this page knows: the workspace as one person sees it, and where they are in it. */
export const store = {
  workspace: undefined,
  users: new Map(),
  channels: new Map(),
  groups: new Map(),
  /** channel → ts → message; holds replies too, when their thread has been opened */
  messages: new Map(),
  /** channels whose latest messages have been asked for, with whether earlier ones exist */
  loaded: new Map(),
  ephemerals: new Map(),
  views: new Map(),
  home: null,
  /** channel → how far it has been read, and how many messages are not */
  unread: new Map(),
  /** cluster → its nodes, budgets and totals, as the stream tells them */
  clusters: new Map(),
  /** the steps of the first run; undefined where there is no guide */
  guide: undefined,
  place: { channel: undefined, thread: undefined, tab: 'messages' },
  isConnected: true,
};

const listeners = new Set();
let stream;
/** Changes that arrive before the state they belong to; undefined when they can be applied at once. */
let early;
let isScheduled = false;

/** Calls back after any number of changes, once per frame. */
export function onChange(listener) {
  listeners.add(listener);
}

export function changed() {
  if (isScheduled || !store.workspace) return;
  isScheduled = true;
  queueMicrotask(() => {
    isScheduled = false;
    for (const listener of listeners) listener();
  });
}

/** Looks at the workspace as another person: nothing private of the last one stays. */
export async function actAs(user) {
  stream?.close();
  early = [];
  const mine = new EventChanges(user, {
    change: (change) => (early ? early.push(change) : apply(change)),
    cluster: (news) => takeCluster(news),
    guide: ({ steps }) => {
      store.guide = steps;
      changed();
    },
    reconnected: () => refresh(user),
    connection: (isConnected) => {
      store.isConnected = isConnected;
      changed();
    },
  });
  stream = mine;
  // first listen, then look: what happens in between is applied afterwards
  await mine.ready;
  await look(user);
}

/** After a gap in the stream nothing is certain: ask again. */
async function refresh(user) {
  await look(user);
  const { channel, thread } = store.place;
  if (channel) await loadTimeline(channel);
  if (thread) await loadThread(channel, thread);
}

async function look(user) {
  const mine = stream;
  early = [];
  const workspace = await query('state', { as: user });
  if (stream !== mine) return;
  takeOver(workspace);
  const missed = early ?? [];
  early = undefined;
  for (const change of missed) apply(change);
  changed();
}

function takeOver(workspace) {
  store.workspace = workspace;
  store.users = byId(workspace.users);
  store.channels = byId(workspace.channels);
  store.groups = byId(workspace.groups);
  store.messages = new Map();
  store.loaded = new Map();
  store.ephemerals = new Map(workspace.ephemerals.map((message) => [message.ts, message]));
  store.views = byId(workspace.views);
  store.home = workspace.home;
  store.unread = new Map(workspace.unread.map((each) => [each.channel, each]));
}

/** Nodes that did not change are named only. */
function takeCluster({ name, order, nodes, budgets, totals }) {
  const known = new Map((store.clusters.get(name)?.nodes ?? []).map((node) => [node.id, node]));
  for (const node of nodes) known.set(node.id, node);
  store.clusters.set(name, { nodes: order.map((id) => known.get(id)), budgets, totals });
  changed();
}

export async function loadTimeline(channel, before) {
  const me = store.workspace.me;
  const page = await query('timeline', { as: me, channel, ...(before ? { before } : {}) });
  if (me !== store.workspace.me) return;
  for (const message of page.messages) put(message, page.count);
  store.loaded.set(channel, page.hasMore);
  changed();
}

export async function loadThread(channel, ts) {
  const me = store.workspace.me;
  const page = await query('thread', { as: me, channel, ts });
  if (me !== store.workspace.me) return;
  for (const message of page.messages) put(message, page.count);
  changed();
}

function messagesOf(channel) {
  return [...(store.messages.get(channel)?.values() ?? [])].sort(byTs);
}

export function isReply(message) {
  return message.thread_ts !== undefined && message.thread_ts !== message.ts;
}

/**
 * What the channel shows, with the private messages of this person among it. One that belongs to a thread stands here
 * too while that thread is not open: an answer to a click must be seen where the click was made.
 */
export function timelineOf(channel) {
  const own = [...store.ephemerals.values()].filter(
    (message) =>
      message.channel === channel &&
      (!isReply(message) || store.place.thread !== message.thread_ts),
  );
  const shown = messagesOf(channel).filter(
    (message) => !message.deleted && (!isReply(message) || message.reply_broadcast),
  );
  return [...shown, ...own.map((message) => ({ ...message, isPrivate: true }))].sort(byTs);
}

export function threadOf(channel, ts) {
  const own = [...store.ephemerals.values()].filter(
    (message) => message.channel === channel && message.thread_ts === ts,
  );
  const replies = messagesOf(channel).filter(
    (message) => !message.deleted && message.thread_ts === ts && message.ts !== ts,
  );
  const all = [...replies, ...own.map((message) => ({ ...message, isPrivate: true }))];
  return { root: store.messages.get(channel)?.get(ts), replies: all.sort(byTs) };
}

function apply(change) {
  if (change.count <= store.workspace.count) return;
  switch (change.type) {
    case 'message':
      setUnread(change.message.channel, { unread: change.unread });
      tellArrival(change.message);
      put(change.message, change.count);
      break;
    case 'read':
      setUnread(change.channel, { unread: change.unread, lastRead: change.lastRead });
      break;
    case 'ephemeral':
      tellArrival(change.message);
      if (change.message.deleted) store.ephemerals.delete(change.message.ts);
      else store.ephemerals.set(change.message.ts, change.message);
      break;
    case 'channel':
      store.channels.set(change.channel.id, change.channel);
      break;
    case 'channel_removed':
      store.channels.delete(change.id);
      break;
    case 'group':
      store.groups.set(change.group.id, change.group);
      break;
    case 'view':
      store.views.set(change.view.id, change.view);
      break;
    case 'view_closed':
      store.views.delete(change.id);
      break;
    case 'home':
      store.home = change.view;
      break;
  }
  changed();
}

/** An answer that was on its way while a change arrived is older than the change. */
function put(message, count) {
  const channel = store.messages.get(message.channel) ?? new Map();
  if ((channel.get(message.ts)?.count ?? -1) > count) return;
  channel.set(message.ts, { ...message, count });
  store.messages.set(message.channel, channel);
}

function setUnread(channel, news) {
  const before = store.unread.get(channel) ?? { lastRead: null, unread: 0 };
  store.unread.set(channel, { ...before, ...news });
}

let arrival = () => undefined;

/** Calls back with each message that others have just sent. */
export function onArrival(listener) {
  arrival = listener;
}

function tellArrival(message) {
  const isKnown = store.messages.get(message.channel)?.has(message.ts) || message.edited;
  const isOwn = message.user === store.workspace.me;
  if (!isKnown && !isOwn && !message.deleted) arrival(message);
}

function byId(items) {
  return new Map(items.map((item) => [item.id, item]));
}

function byTs(a, b) {
  return Number(a.ts) - Number(b.ts);
}
