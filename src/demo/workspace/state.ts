import type { Clock } from '../../clock.ts';
import type { Journal } from './journal.ts';
import { MessageStore } from './message-store.ts';
import type {
  Channel,
  ResponseAddress,
  StoredFile,
  StoredMessage,
  StoredView,
  User,
  UserGroup,
  WorkspaceSeed,
} from './model.ts';

/** Everything that can happen to the workspace: what is remembered, kept in the file, and sent to open pages. */
export type Change =
  | { readonly type: 'message'; readonly message: StoredMessage }
  | { readonly type: 'ephemeral'; readonly user: string; readonly message: StoredMessage }
  | { readonly type: 'channel'; readonly channel: Channel }
  | { readonly type: 'group'; readonly group: UserGroup }
  | { readonly type: 'view'; readonly view: StoredView }
  | { readonly type: 'view_closed'; readonly id: string; readonly user: string }
  | { readonly type: 'home'; readonly view: StoredView }
  | { readonly type: 'file'; readonly file: StoredFile }
  | { readonly type: 'response_url'; readonly address: ResponseAddress };

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
  readonly clock: Clock;
  readonly #journal: Journal | undefined;
  readonly #listeners = new Set<ChangeListener>();
  #lastMicros = 0;

  constructor(seed: WorkspaceSeed, clock: Clock, journal?: Journal) {
    this.seed = seed;
    this.name = seed.name;
    this.botUser = seed.botUser;
    this.clock = clock;
    this.users = new Map(seed.users.map((user) => [user.id, user]));
    for (const channel of seed.channels) this.channels.set(channel.id, channel);
    for (const group of seed.groups) this.groups.set(group.id, group);
    this.#journal = journal;
  }

  /** Makes the change, keeps it, and tells the open pages. */
  apply(change: Change): void {
    this.replay(change);
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
      case 'file':
        this.files.set(change.file.id, change.file);
        break;
      case 'response_url':
        this.responseAddresses.set(change.address.id, change.address);
        break;
    }
  }

  /** Resolves when every change so far would survive a kill. */
  async saved(): Promise<void> {
    await this.#journal?.flushed();
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
