import type { App } from '@slack/bolt';
import { plainAnswer } from '../messages/private-answer.ts';
import type { ListenerParts } from './listener-parts.ts';
import { tellByResponse, tellInChannel } from './tell.ts';

/** Without an answer Slack shows a warning sign after three seconds, and nobody knows what it means. */
export interface KnownNames {
  readonly command: string;
  readonly actions: readonly string[];
  readonly views: readonly string[];
}

const OLDER =
  'This comes from another version of Handrail, which knew it; nothing was done. Look with `/runbook status` for what is under way.';

/** Answers what Handrail does not know, such as a button of an older version in an old message. */
export function answerUnknown(app: App, parts: ListenerParts, known: KnownNames): void {
  const { log } = parts;
  app.action(noneOf(known.actions), async ({ ack, action, body, respond }) => {
    await ack();
    log.warn({ action: 'action_id' in action ? action.action_id : '' }, 'an unknown button');
    const hasMessage = 'message' in body && body.message !== undefined;
    const tell = hasMessage
      ? tellByResponse(parts, respond, body.user.id)
      : tellInChannel(parts, { user: body.user.id });
    await tell(plainAnswer(OLDER));
  });
  app.view({ type: 'view_submission', callback_id: noneOf(known.views) }, async ({ ack, body }) => {
    await ack();
    log.warn({ view: body.view.callback_id }, 'an unknown form');
    await tellInChannel(parts, { user: body.user.id })(plainAnswer(OLDER));
  });
  app.command(noneOf([known.command]), async ({ ack, command, respond }) => {
    await ack();
    log.warn({ command: command.command }, 'an unknown command: compare it with manifest.yml');
    const text = `Handrail knows \`${known.command}\` only, not \`${command.command}\`; nothing was done. Who runs it can compare the app with manifest.yml.`;
    await tellByResponse(parts, respond, command.user_id)(plainAnswer(text));
  });
}

/** All matching listeners of Bolt are called, so that this one must not match what is known. */
function noneOf(names: readonly string[]): RegExp {
  return new RegExp(`^(?!(?:${names.join('|')})$)`);
}
