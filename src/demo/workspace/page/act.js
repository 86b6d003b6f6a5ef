import { act } from './api.js';
import { store } from './store.js';
import { toast } from './toast.js';

/** Does something as the person this page acts for, and tells them when it did not work. */
export async function perform(action) {
  const outcome = await act({ as: store.workspace.me, ...action });
  if (outcome.problem) toast(outcome.problem);
  return outcome;
}
