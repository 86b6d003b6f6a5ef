import { z } from 'zod';
import type { StoredView } from '../model.ts';
import type { WorkspaceState } from '../state.ts';
import { type EnteredValues, enteredState } from '../views/entered-state.ts';
import { inputFields, isEmpty } from '../views/view-state.ts';
import {
  apiView,
  checkedBlocks,
  newView,
  pushedView,
  updatedView,
  ViewArgument,
} from '../web-api/views.ts';
import type { CallbackContext, Outcome } from './callback-context.ts';
import { commonPayload, problemOf } from './interaction-payload.ts';

/** The answer to a submission. @see https://docs.slack.dev/surfaces/modals */
const SubmissionAnswer = z.discriminatedUnion('response_action', [
  z.object({
    response_action: z.literal('errors'),
    errors: z.record(z.string(), z.string()),
  }),
  z.object({ response_action: z.literal('update'), view: ViewArgument }),
  z.object({ response_action: z.literal('push'), view: ViewArgument }),
  z.object({ response_action: z.literal('clear') }),
]);

/** Submits an open modal; one with empty required fields is refused here, as Slack's clients do. */
export async function submitView(
  context: CallbackContext,
  opened: StoredView,
  entered: EnteredValues,
): Promise<Outcome> {
  const { state } = context;
  const filled: StoredView = { ...opened, state: enteredState(opened, entered), errors: {} };
  const missing = missingFields(filled);
  if (Object.keys(missing).length > 0) {
    state.apply({ type: 'view', view: { ...filled, errors: missing } });
    return { errors: missing };
  }
  state.apply({ type: 'view', view: filled });
  const reply = await context.app.send({
    kind: 'interaction',
    payload: {
      ...commonPayload(context, opened.user, opened.id),
      type: 'view_submission',
      view: apiView(filled),
      response_urls: [],
    },
  });
  if (reply.status !== 'answered') return problemOf(reply);
  // the app may have updated or closed it with the Web API while it answered
  const current = state.views.get(opened.id);
  return current ? follow(state, current, reply.body) : {};
}

/** Closes a modal with its Close button, or all of them with the cross. */
export async function closeView(
  context: CallbackContext,
  view: StoredView,
  all: boolean,
): Promise<Outcome> {
  const { state } = context;
  const closing = all || view.clear_on_close ? state.openViews(view.user) : [view];
  for (const each of closing) close(state, each);
  if (!view.notify_on_close) return {};
  const { trigger_id: _none, ...common } = commonPayload(context, view.user);
  const reply = await context.app.send({
    kind: 'interaction',
    payload: { ...common, type: 'view_closed', view: apiView(view), is_cleared: all },
  });
  return problemOf(reply);
}

function follow(state: WorkspaceState, view: StoredView, body: string): Outcome {
  if (body === '' || body === '{}') {
    close(state, view);
    return {};
  }
  const answer = SubmissionAnswer.safeParse(JSON.parse(body)).data;
  if (!answer) return { problem: 'The app answered the submission with something unknown.' };
  switch (answer.response_action) {
    case 'errors':
      state.apply({ type: 'view', view: { ...view, errors: answer.errors } });
      return { errors: answer.errors };
    case 'update':
      state.apply({ type: 'view', view: updatedView(view, answer.view) });
      return {};
    case 'push': {
      const blocks = checkedBlocks(answer.view);
      const pushed = pushedView(state, view, newView(answer.view, { user: view.user, blocks }));
      state.apply({ type: 'view', view: pushed });
      return {};
    }
    case 'clear':
      for (const each of state.openViews(view.user)) close(state, each);
      return {};
  }
}

function close(state: WorkspaceState, { id, user }: StoredView): void {
  state.apply({ type: 'view_closed', id, user });
}

function missingFields(view: StoredView): Record<string, string> {
  const missing = inputFields(view.blocks).filter(
    ({ required, blockId, actionId }) => required && isEmpty(view.state[blockId]?.[actionId]),
  );
  return Object.fromEntries(
    missing.map(({ blockId }) => [blockId, 'Please complete this required field.']),
  );
}
