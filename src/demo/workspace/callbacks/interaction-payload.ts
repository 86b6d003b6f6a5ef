import { APP_ID } from '../web-api/message-shape.ts';
import type { Reply } from './app-link.ts';
import {
  type CallbackContext,
  type Outcome,
  TEAM,
  userPayload,
  VERIFICATION_TOKEN,
} from './callback-context.ts';

/** What every interaction carries. The trigger id is alive for 3 seconds from here. */
export function commonPayload(context: CallbackContext, user: string, viewId?: string) {
  return {
    token: VERIFICATION_TOKEN,
    team: TEAM,
    user: userPayload(context.state, user),
    api_app_id: APP_ID,
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: context.triggers.issue(user, viewId),
  };
}

/** What the person is told when the app did not answer an interaction properly. */
export function problemOf(reply: Reply): Outcome {
  switch (reply.status) {
    case 'answered':
      return {};
    case 'timeout':
      return { problem: 'Operation timed out. Apps need to respond within 3 seconds.' };
    case 'refused':
      return { problem: `The app answered with HTTP ${reply.httpStatus}.` };
    case 'unreachable':
      return { problem: 'The app cannot be reached.' };
  }
}
