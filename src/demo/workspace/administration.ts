import type { TriggerIds } from './callbacks/trigger-ids.ts';
import type { Channel } from './model.ts';
import type { WorkspaceState } from './state.ts';
import type { Installation } from './web-api/installation.ts';

/** What people do to an app, to its channels and to its messages, without asking it. */
export class Administration {
  readonly #state: WorkspaceState;
  readonly #installation: Installation;
  readonly #triggers: TriggerIds;

  constructor(state: WorkspaceState, installation: Installation, triggers: TriggerIds) {
    this.#state = state;
    this.#installation = installation;
    this.#triggers = triggers;
  }

  /** From now on the app's tokens are refused, as when it was taken out of the workspace. */
  refuseTokens(error: 'token_revoked' | 'account_inactive' | 'invalid_auth'): void {
    this.#installation.refusal = error;
  }

  takeTokens(): void {
    this.#installation.refusal = undefined;
  }

  takeScope(scope: string): void {
    this.#installation.scopes.delete(scope);
  }

  giveScope(scope: string): void {
    this.#installation.scopes.add(scope);
  }

  archive(channel: string): void {
    this.#change(channel, { is_archived: true });
  }

  unarchive(channel: string): void {
    this.#change(channel, { is_archived: false });
  }

  /** Takes the app out of a channel that stays. */
  kickApp(channel: string): void {
    const { members } = this.#channel(channel);
    this.#change(channel, { members: members.filter((id) => id !== this.#state.botUser) });
  }

  inviteApp(channel: string): void {
    const { members } = this.#channel(channel);
    this.#change(channel, { members: [...members, this.#state.botUser] });
  }

  deleteChannel(channel: string): void {
    this.#state.apply({ type: 'channel_removed', id: this.#channel(channel).id });
  }

  deleteMessage(channel: string, ts: string): void {
    const message = this.#state.messages.get(channel, ts);
    if (!message) throw new Error(`no message ${ts} in ${channel}`);
    this.#state.apply({ type: 'message', message: { ...message, deleted: true } });
  }

  /** As after three seconds. */
  expireTriggers(): void {
    this.#triggers.expireAll();
  }

  /** As after half an hour. */
  expireResponseUrls(): void {
    for (const address of this.#state.responseAddresses.values()) {
      this.#state.apply({ type: 'response_url', address: { ...address, issuedAt: 0 } });
    }
  }

  #change(channel: string, change: Partial<Channel>): void {
    this.#state.apply({ type: 'channel', channel: { ...this.#channel(channel), ...change } });
  }

  #channel(id: string): Channel {
    const channel = this.#state.channels.get(id);
    if (!channel) throw new Error(`no channel ${id}; see the workspace's seed`);
    return channel;
  }
}
