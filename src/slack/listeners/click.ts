import type { ListenerParts } from './listener-parts.ts';
import { ButtonValue, type ClickAction, type ClickBody, fromJson } from './payloads.ts';
import type { Tell } from './tell.ts';

/** A button or a choice that somebody used, parsed. */
export interface Click {
  readonly body: ClickBody;
  readonly action: ClickAction;
  readonly user: string;
  readonly tell: Tell;
}

export type ClickHandler = (parts: ListenerParts, click: Click) => Promise<void>;

/** Which run, and which gate of it, the button is about. */
export function clickedRun({ action }: Click): { readonly runId: string; readonly gate?: number } {
  const { runId, gate } = fromJson(ButtonValue, action.value);
  return gate === undefined ? { runId } : { runId, gate };
}

/** Where the person who clicked is, for answers that come later. */
export function whereabouts({ body }: Click): { channel?: string; threadTs?: string } {
  const threadTs = body.message?.thread_ts ?? body.message?.ts;
  return {
    ...(body.channel && { channel: body.channel.id }),
    ...(threadTs && { threadTs }),
  };
}
