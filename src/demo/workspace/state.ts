import type { Clock } from '../../clock.ts';
import type { Journal } from './journal.ts';
import { type MessageChange, MessageStore } from './message-store.ts';
import type {
  Channel,
  ResponseAddress,
  StoredFile,
  StoredView,
  User,
  UserGroup,
  WorkspaceSeed,
} from './model.ts';
import { type ReadChange, ReadMarks } from './read-marks.ts';

/** Everything that can happen to the workspace: what is remembered, kept in the file, and sent to open pages. */
export type Change =
  | MessageChange
  | { readonly type: 'channel'; readonly channel: Channel }
  | { readonly type: 'channel_removed'; readonly id: string }
  | { readonly type: 'group'; readonly group: UserGroup }
  | { readonly type: 'view'; readonly view: StoredView }
  | { readonly type: 'view_closed'; readonly id: string; readonly user: string }
  | { readonly type: 'home'; readonly view: StoredView }
  | ReadChange
  | { readonly type: 'file'; readonly file: StoredFile }
  | { readonly type: 'response_url'; readonly address: ResponseAddress };

/** Slack's response_urls work for 30 minutes. */
export const RESPONSE_URL_LIFE_MS = 30 * 60 * 1000;

export type ChangeListener = (change: Change) => void;

/** What the workspace knows. Read it through the lookups; change it only through `apply`. */
export class WorkspaceState {
  readonly name: string;
  readonly botUser: string;
  readonly seed: WorkspaceSeed;
  readonly users: ReadonlyMap<string, User>;
  readonly channels = new Map<string, Channel>();
  readonly groups = new Map<string, UserGroup>();
  readonly views = new Map<string, StoredView>();
  readonly homes = new Map<string, StoredView>();
  readonly files = new Map<string, StoredFile>();
  readonly responseAddresses = new Map<string, ResponseAddress>();
  readonly messages = new MessageStore();
  readonly readMarks = new ReadMarks();
  readonly clock: Clock;
  #journal: Journal | undefined;
  readonly #listeners = new Set<ChangeListener>();
  #lastMicros = 0;
  #changeCount = 0;

  constructor(seed: WorkspaceSeed, clock: Clock) {
    this.seed = seed;
    this.name = seed.name;
    this.botUser = seed.botUser;
    this.clock = clock;
    this.users = new Map(seed.users.map((user) => [user.id, user]));
    for (const channel of seed.channels) this.channels.set(channel.id, channel);
    for (const group of seed.groups) this.groups.set(group.id, group);
  }

  /** From now on changes are written there, too. */
  keepIn(journal: Journal): void {
    this.#journal = journal;
  }

  /** Makes the change, keeps it, and tells the open pages. */
  apply(change: Change): void {
    this.replay(change);
    this.#changeCount += 1;
    this.#journal?.append(change);
    for (const listener of this.#listeners) listener(change);
  }

  /** Makes a change that the file holds already. */
  replay(change: Change): void {
    switch (change.type) {
      case 'message':
        this.messages.put(change.message);
        this.#sawTs(change.message.ts);
        break;
      case 'ephemeral':
        this.messages.putEphemeral(change.user, change.message);
        this.#sawTs(change.message.ts);
        break;
      case 'channel':
        this.channels.set(change.channel.id, change.channel);
        break;
      case 'channel_removed':
        this.channels.delete(change.id);
        break;
      case 'group':
        this.groups.set(change.group.id, change.group);
        break;
      case 'view':
        this.views.set(change.view.id, change.view);
        break;
      case 'view_closed':
        this.views.delete(change.id);
        break;
      case 'home':
        this.homes.set(change.view.user, change.view);
        break;
      case 'read':
        this.readMarks.put(change);
        break;
      case 'file':
        this.files.set(change.file.id, change.file);
        break;
      case 'response_url':
        this.responseAddresses.set(change.address.id, change.address);
        break;
    }
  }

  /** The fewest changes that lead from the seed to here. */
  snapshot(): Change[] {
    return [
      ...[...this.channels.values()].map((channel): Change => ({ type: 'channel', channel })),
      ...[...this.groups.values()].map((group): Change => ({ type: 'group', group })),
      ...this.messages.everything(),
      ...[...this.views.values()].map((view): Change => ({ type: 'view', view })),
      ...[...this.homes.values()].map((view): Change => ({ type: 'home', view })),
      ...this.readMarks.everything(),
      ...[...this.files.values()].map((file): Change => ({ type: 'file', file })),
      ...[...this.responseAddresses.values()]
        .filter(({ issuedAt }) => this.clock.now() - issuedAt < RESPONSE_URL_LIFE_MS)
        .map((address): Change => ({ type: 'response_url', address })),
    ];
  }

  /** Resolves when every change so far would survive a kill. */
  async saved(): Promise<void> {
    await this.#journal?.flushed();
  }

  /** How many changes there have been since the start: tells old news from new. */
  get changeCount(): number {
    return this.#changeCount;
  }

  subscribe(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A message timestamp: seconds and microseconds, and the message's id; no two are alike, and they only grow. */
  nextTs(): string {
    this.#lastMicros = Math.max(this.clock.now() * 1000, this.#lastMicros + 1);
    const seconds = Math.floor(this.#lastMicros / 1e6);
    return `${seconds}.${String(this.#lastMicros % 1e6).padStart(6, '0')}`;
  }

  /** The direct conversation of a person with the app; it is opened when there is none. */
  directChannel(userId: string): Channel {
    const id = `D${userId.slice(1)}`;
    const known = this.channels.get(id);
    if (known) return known;
    const channel: Channel = { id, name: userId, members: [userId, this.botUser], is_im: true };
    this.apply({ type: 'channel', channel });
    return channel;
  }

  /** A person's open modals, the one in front last. */
  openViews(user: string): StoredView[] {
    return [...this.views.values()].filter((view) => view.user === user);
  }

  #sawTs(ts: string): void {
    const [seconds = '0', micros = '0'] = ts.split('.');
    this.#lastMicros = Math.max(this.#lastMicros, Number(seconds) * 1e6 + Number(micros));
  }
}
