import type { JsonObject } from '../../json.ts';

/** A person or bot of the workspace. `role` is only shown on the page, beside the name. */
export interface User {
  readonly id: string;
  /** The handle, as in @mina. */
  readonly name: string;
  readonly real_name: string;
  readonly role?: string;
  /** IANA time zone. */
  readonly tz: string;
  /** IETF tag, such as ko-KR; given by users.info only when asked for. */
  readonly locale: string;
  readonly is_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_stranger?: boolean;
  readonly deleted?: boolean;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly topic?: string;
  readonly is_im?: boolean;
  readonly is_archived?: boolean;
}

export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly name?: string;
  readonly users: readonly string[];
}

/** What the page offers when a person types `/`. */
interface CommandHint {
  readonly command: string;
  readonly usage: string;
  readonly description: string;
}

/** A shortcut of the app: `global` in the composer's menu, `message` in the menu of a message. */
interface Shortcut {
  readonly callback_id: string;
  readonly name: string;
  readonly type: 'global' | 'message';
}

export interface WorkspaceSeed {
  readonly name: string;
  readonly users: readonly User[];
  readonly channels: readonly Channel[];
  readonly groups: readonly UserGroup[];
  /** The id of the app's own user; it must be among `users`. */
  readonly botUser: string;
  readonly commands?: readonly CommandHint[];
  readonly shortcuts?: readonly Shortcut[];
}

export type Block = JsonObject;

interface MessageMetadata {
  readonly event_type: string;
  readonly event_payload: JsonObject;
}

interface Reaction {
  readonly name: string;
  readonly users: readonly string[];
}

export interface MessageFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  /** Bytes. */
  readonly size: number;
  readonly url_private: string;
}

export interface StoredMessage {
  readonly channel: string;
  readonly ts: string;
  readonly thread_ts?: string;
  /** A reply that is shown in the channel too. */
  readonly reply_broadcast?: true;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly metadata?: MessageMetadata;
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly deleted?: true;
  readonly reactions?: readonly Reaction[];
  readonly pinned?: true;
  readonly files?: readonly MessageFile[];
}

interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji?: boolean | undefined;
}

/** An open modal, or a Home tab. */
export interface StoredView {
  readonly id: string;
  readonly user: string;
  readonly type: 'modal' | 'home';
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly external_id: string;
  readonly title: PlainText | null;
  readonly submit: PlainText | null;
  readonly close: PlainText | null;
  readonly blocks: readonly Block[];
  readonly notify_on_close: boolean;
  readonly clear_on_close: boolean;
  readonly submit_disabled: boolean;
  /** Changes with each update; views.update may demand one. */
  readonly hash: string;
  readonly root_view_id: string;
  readonly previous_view_id: string | null;
  readonly state: ViewState;
  /** What the last submission was refused for, by block id. */
  readonly errors: Readonly<Record<string, string>>;
}

/** Values a person has entered: block id → action id → value object. */
export type ViewState = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

export interface StoredFile extends MessageFile {
  readonly content: string;
  readonly shared: boolean;
}

/** What a response_url leads to. */
export interface ResponseAddress {
  readonly id: string;
  readonly user: string;
  readonly channel: string;
  /** The message that was acted on, if any: `replace_original` and `delete_original` mean it. */
  readonly original?: { readonly ts: string; readonly ephemeral: boolean };
  readonly threadTs?: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  readonly uses: number;
}

export interface ApiCall {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly ok: boolean;
  readonly error?: string;
}
