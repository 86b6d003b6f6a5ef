import packageJson from '../../package.json' with { type: 'json' };
import { say } from '../language/text.ts';
import { type Actor, KubernetesError } from './kubernetes.ts';

const PRODUCT = `handrail/${packageJson.version}`;

/** Who calls, for the API server's audit log: Handrail itself, or a run of it in the name of a person. */
export function callerHeaders(actor?: Actor): Record<string, string> {
  if (!actor) return { 'User-Agent': PRODUCT };
  const { runId, traceId, impersonate } = actor;
  return {
    'User-Agent': `${PRODUCT} (run=${headerText(runId)} trace=${headerText(traceId)})`,
    ...(impersonate === undefined ? {} : { 'Impersonate-User': userName(impersonate) }),
  };
}

function headerText(text: string): string {
  return text.replaceAll(/[^\w.:-]/g, '_');
}

/** A user who cannot be named must not silently become another one. */
function userName(name: string): string {
  if (/^[\x21-\x7e]+$/.test(name)) return name;
  throw new KubernetesError({
    text: say(
      'cannot act as Kubernetes user "{name}": a user name has neither spaces nor letters beyond ASCII; correct the mapping of identities',
      { name },
    ),
    status: 0,
    reason: 'BadIdentity',
  });
}
