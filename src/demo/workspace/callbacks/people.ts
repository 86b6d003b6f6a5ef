import type { JsonObject } from '../../../json.ts';
import type { StoredMessage, StoredView } from '../model.ts';
import type { EnteredValues } from '../views/entered-state.ts';
import { tellPrivately } from './app-answer.ts';
import type { CallbackContext, Outcome } from './callback-context.ts';
import { clickInMessage, clickInView, type ElementAction, type MessageRef } from './clicks.ts';
import { sendCommand } from './commands.ts';
import type { EventDelivery } from './events.ts';
import { type Saying, say } from './say.ts';
import { runShortcut, type Suggestion, suggestOptions } from './shortcuts.ts';
import { closeView, submitView } from './submissions.ts';

/** What people can do in the workspace, as the page and the tests ask for it. */
export class People {
  readonly #context: CallbackContext;
  readonly #events: EventDelivery;

  constructor(context: CallbackContext, events: EventDelivery) {
    this.#context = context;
    this.#events = events;
  }

  slash(user: string, channel: string, text: string): Promise<Outcome> {
    return sendCommand(this.#context, { user, channel, command: '/runbook', text });
  }

  click(user: string, message: MessageRef, action: string | ElementAction): Promise<Outcome> {
    return clickInMessage(this.#context, user, { message, action: asAction(action) });
  }

  clickInView(user: string, viewId: string, action: string | ElementAction): Promise<Outcome> {
    return clickInView(this.#context, this.view(user, viewId), asAction(action));
  }

  submitView(user: string, viewId: string, values: EnteredValues): Promise<Outcome> {
    return submitView(this.#context, this.view(user, viewId), values);
  }

  closeView(user: string, viewId: string, all = false): Promise<Outcome> {
    return closeView(this.#context, this.view(user, viewId), all);
  }

  suggest(user: string, viewId: string, suggestion: Suggestion): Promise<JsonObject[]> {
    return suggestOptions(this.#context, this.view(user, viewId), suggestion);
  }

  /** Sends what stands in the message box: a command or a message. */
  async send(saying: Saying): Promise<Outcome> {
    const { state } = this.#context;
    const { user, channel, text, threadTs } = saying;
    if (!text.startsWith('/')) {
      await say(state, this.#events, saying);
      return {};
    }
    const [, command = '', rest = ''] = /^(\/\S*)\s*([\s\S]*)$/.exec(text) ?? [];
    const known = (state.seed.commands ?? []).some(
      (each) => each.command.split(' ')[0] === command,
    );
    if (known && threadTs === undefined) {
      return sendCommand(this.#context, { user, channel, command, text: rest });
    }
    const problem = known
      ? `${command} is not supported in threads. Sorry!`
      : `${command} is not a valid command.`;
    tellPrivately(state, { user, channel, text: problem, threadTs });
    return {};
  }

  /** Takes a private message off the person's screen. */
  async dismiss(user: string, ts: string): Promise<Outcome> {
    const { state } = this.#context;
    const message = state.messages.getEphemeral(user, ts);
    if (message) state.apply({ type: 'ephemeral', user, message: { ...message, deleted: true } });
    return {};
  }

  say(
    user: string,
    channel: string,
    ...[text, threadTs]: [text: string, threadTs?: string]
  ): Promise<StoredMessage> {
    return say(this.#context.state, this.#events, { user, channel, text, threadTs });
  }

  async mention(
    user: string,
    channel: string,
    ...[text, threadTs]: [text: string, threadTs?: string]
  ): Promise<void> {
    const { state } = this.#context;
    const name = `@${state.users.get(state.botUser)?.real_name}`;
    const mentioning = text.startsWith(name) ? text : `${name} ${text}`;
    await this.say(user, channel, mentioning, threadTs);
  }

  shortcut(user: string, callbackId: string, message?: MessageRef): Promise<Outcome> {
    return runShortcut(this.#context, user, { callbackId, message });
  }

  async openHome(user: string): Promise<void> {
    const { state } = this.#context;
    await this.#events.deliver({
      type: 'app_home_opened',
      user,
      channel: state.directChannel(user).id,
      tab: 'home',
      event_ts: state.nextTs(),
    });
  }

  async setGroupMembers(id: string, users: readonly string[]): Promise<void> {
    const { state } = this.#context;
    const old = state.groups.get(id);
    if (!old) throw new Error(`no user group ${id}; see the workspace's seed`);
    state.apply({ type: 'group', group: { ...old, users } });
    await this.#events.deliver({
      type: 'subteam_members_changed',
      subteam_id: id,
      added_users: users.filter((user) => !old.users.includes(user)),
      removed_users: old.users.filter((user) => !users.includes(user)),
      event_ts: state.nextTs(),
    });
  }

  /** @throws Error when the person has no such modal open, and no such Home tab */
  view(user: string, id: string): StoredView {
    const { state } = this.#context;
    const view = state.views.get(id) ?? state.homes.get(user);
    if (view?.id !== id || view.user !== user) throw new Error(`${user} has no open view ${id}`);
    return view;
  }
}

function asAction(action: string | ElementAction): ElementAction {
  return typeof action === 'string' ? { actionId: action } : action;
}
