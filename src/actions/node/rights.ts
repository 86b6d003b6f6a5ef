import { errorMessage } from '../../errors.ts';
import {
  type AccessQuestion,
  type Cluster,
  isKubernetesError,
} from '../../kubernetes/kubernetes.ts';
import type { Blocker } from '../action.ts';

const ASK_AGAIN =
  'See to that, then ask again: what nobody may do is better known before somebody approves it.';

/**
 * What keeps us from a change that was tried by dry run: want of rights, or an admission policy. Whatever else goes wrong
 * says nothing about later, and is left to the step itself.
 */
export async function whyDenied(tryOut: () => Promise<unknown>): Promise<Blocker[]> {
  try {
    await tryOut();
    return [];
  } catch (error) {
    if (!isKubernetesError(error) || error.status !== 403) return [];
    return [{ code: 'change_denied', text: `${errorMessage(error)}.`, wayOut: ASK_AGAIN }];
  }
}

/** For changes that no dry run can try. */
export async function missingRight(
  cluster: Cluster,
  question: AccessQuestion | undefined,
): Promise<string | undefined> {
  if (question === undefined || (await cluster.allowed(question))) return undefined;
  const { verb, group, resource, namespace } = question;
  const what = group === '' ? resource : `${resource}.${group}`;
  const where =
    namespace === undefined ? 'by a ClusterRole' : `in namespace ${namespace}, by a Role`;
  return `Handrail may not ${verb} ${what} in ${cluster.name}; grant \`${verb} ${what}\` ${where}`;
}
