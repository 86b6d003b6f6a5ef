import { PriorityClass as ClassKind, Pod as PodKind } from '../model/kinds.ts';
import type { Manifest } from '../model/objects.ts';
import type { Pod } from '../model/schemas.ts';
import { forbidden } from '../registry/api-error.ts';
import type { Store } from '../storage/store.ts';

/** Those that are in every cluster. */
export const systemPriorityClasses: readonly Manifest[] = [
  systemClass('system-cluster-critical', 2_000_000_000, 'can run on any node'),
  systemClass('system-node-critical', 2_000_001_000, 'must not be moved from their current node'),
];

function systemClass(name: string, value: number, who: string): Manifest {
  return {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: ClassKind.kind,
    metadata: { name },
    value,
    preemptionPolicy: 'PreemptLowerPriority',
    description: `Used for system critical pods that ${who}.`,
  };
}

/**
 * The pod with the priority of its class, or of the class that is the default for all.
 * @throws ApiError 403 where there is no such class
 */
export function withPriority(store: Store, pod: Pod): Pod {
  const name = pod.spec.priorityClassName ?? defaultClass(store);
  if (name === undefined) return pod;
  const found = store.get(ClassKind, name);
  if (found === undefined) {
    const why = `no PriorityClass with name ${name} was found`;
    throw forbidden(PodKind, pod.metadata.name, why);
  }
  const { value: priority, preemptionPolicy = 'PreemptLowerPriority' } = found;
  const spec = { preemptionPolicy, ...pod.spec, priorityClassName: name, priority };
  return { ...pod, spec };
}

function defaultClass(store: Store): string | undefined {
  return store.list(ClassKind).find(({ globalDefault }) => globalDefault)?.metadata.name;
}
