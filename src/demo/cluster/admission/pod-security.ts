import { Namespace, Pod as PodKind } from '../model/kinds.ts';
import type { KubeObject } from '../model/objects.ts';
import type { Pod, PodSpec, PodTemplate } from '../model/schemas.ts';
import { forbidden } from '../registry/api-error.ts';
import type { Store } from '../storage/store.ts';
import * as checks from './pod-security-checks.ts';

const both = [checks.hostNamespaces, checks.hostPorts, checks.privileged];

/** In the order in which the API server names them: baseline first, then what restricted adds or replaces. */
const levels: Readonly<Record<string, readonly checks.Check[]>> = {
  privileged: [],
  baseline: [
    checks.baselineCapabilities,
    checks.hostNamespaces,
    checks.hostPathVolumes,
    checks.hostPorts,
    checks.privileged,
    checks.seccompUnconfined,
  ],
  restricted: [
    ...both,
    checks.allowPrivilegeEscalation,
    checks.restrictedCapabilities,
    checks.restrictedVolumes,
    checks.runAsNonRoot,
    checks.runAsUser,
    checks.seccompProfile,
  ],
};

/** The kinds whose template is looked at, for warnings only. */
const templated = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'];

/** What the namespace's labels ask for in this mode that the pod breaks. */
function violation(
  store: Store,
  mode: 'enforce' | 'warn',
  pod: { readonly namespace: string | undefined; readonly spec: PodSpec },
): string | undefined {
  const home = store.get(Namespace, pod.namespace ?? '');
  const label = `pod-security.kubernetes.io/${mode}`;
  const level = home?.metadata.labels?.[label] ?? 'privileged';
  const version = home?.metadata.labels?.[`${label}-version`] ?? 'latest';
  const found = (levels[level] ?? [])
    .map((check) => check(pod.spec))
    .filter((each) => each !== undefined);
  return found.length === 0 ? undefined : `PodSecurity "${level}:${version}": ${found.join(', ')}`;
}

/** @throws ApiError 403 where the namespace enforces a level that the pod breaks */
export function enforcePodSecurity(store: Store, pod: Pod): void {
  const { name, namespace } = pod.metadata;
  const broken = violation(store, 'enforce', { namespace, spec: pod.spec });
  if (broken !== undefined) throw forbidden(PodKind, name, `violates ${broken}`);
}

/** What the answer to a write of this object warns of: its pods would break what the namespace asks for. */
export function podSecurityWarnings(store: Store, object: KubeObject): string[] {
  const spec = podSpecOf(object);
  if (spec === undefined) return [];
  const broken = violation(store, 'warn', { namespace: object.metadata.namespace, spec });
  return broken === undefined ? [] : [`would violate ${broken}`];
}

function podSpecOf(object: KubeObject): PodSpec | undefined {
  if (object.kind === PodKind.kind) return (object as Pod).spec;
  if (!templated.includes(object.kind)) return undefined;
  return (object.spec as { template: PodTemplate }).template.spec;
}
