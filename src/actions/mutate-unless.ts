import { errorCode, errorMessage } from '../errors.ts';
import type { ExecuteContext, Mutation } from './action.ts';

/**
 * Makes a change that its `act` may find not needed any more: it then throws an error of this code before it has called
 * anything, and the audit log says `not done` with the reason, instead of claiming a change that was not made.
 * @returns the reason where it was not made
 */
export async function mutateUnless(
  context: ExecuteContext,
  mutation: Mutation,
  { code }: { code: string },
): Promise<string | undefined> {
  try {
    await context.mutate(mutation);
    return undefined;
  } catch (error) {
    if (errorCode(error) === code) return errorMessage(error);
    throw error;
  }
}
