import { isKubernetesError, type KubernetesError } from '../../src/kubernetes/kubernetes.ts';

/** The error that a call fails with. */
export async function failureOf(call: Promise<unknown>): Promise<KubernetesError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isKubernetesError(error)) throw new Error('the call did not fail', { cause: error });
  return error;
}
