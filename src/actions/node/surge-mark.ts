import type { JsonPatchOperation } from '../../kubernetes/kubernetes.ts';
import type { Deployment } from '../../kubernetes/resources/deployment.ts';

/** What `kubectl rollout restart` writes; a template that has changed in anything is rolled out. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';
/** Says in the pod template which run restarted it last: so that a run knows its own restart, whatever the time. */
const RESTARTED_BY = 'handrail.dev/restarted-by';
const ANNOTATIONS_PATH = '/spec/template/metadata/annotations';

export interface Restart {
  readonly runId: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

function annotationsOf({ spec }: Deployment): Readonly<Record<string, string>> {
  return spec.template.metadata?.annotations ?? {};
}

export function isRestartedBy(deployment: Deployment, runId: string): boolean {
  return annotationsOf(deployment)[RESTARTED_BY] === runId;
}

/** Holds only for this Deployment, and only while its spec is the one that was looked at. */
export function restartPatch(deployment: Deployment, { runId, at }: Restart): JsonPatchOperation[] {
  const { uid, generation = 0 } = deployment.metadata;
  const marks = { [RESTARTED_AT]: new Date(at).toISOString(), [RESTARTED_BY]: runId };
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    // Counts changes of the spec alone, where the resourceVersion changes with every report of a pod's state.
    { op: 'test', path: '/metadata/generation', value: generation },
    ...markOperations(deployment, marks),
  ];
}

function markOperations(
  deployment: Deployment,
  marks: Readonly<Record<string, string>>,
): JsonPatchOperation[] {
  if (Object.keys(annotationsOf(deployment)).length === 0) {
    return [{ op: 'add', path: ANNOTATIONS_PATH, value: marks }];
  }
  return Object.entries(marks).map(([key, value]) => ({
    op: 'add',
    path: `${ANNOTATIONS_PATH}/${key.replaceAll('/', '~1')}`,
    value,
  }));
}
