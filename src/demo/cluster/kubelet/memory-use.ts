import type { ContainerStatus } from '../model/container-schemas.ts';
import { isRecord } from '../model/objects.ts';
import { parseQuantity } from '../model/quantities.ts';
import type { Container, Pod } from '../model/schemas.ts';

export const memoryAnnotation = 'simulation/memory-use';

/** In bytes: what the pod's annotation says for this container or for all; else half of what the container requests. */
export function memoryUse(pod: Pod, container: Container): number {
  const { annotations = {} } = pod.metadata;
  const said =
    annotations[`${memoryAnnotation}.${container.name}`] ?? annotations[memoryAnnotation];
  return said === undefined ? memoryRequest(container) / 2 : parseQuantity(said);
}

export function saysItsMemoryUse(pod: Pod): boolean {
  return Object.keys(pod.metadata.annotations ?? {}).some((key) =>
    key.startsWith(memoryAnnotation),
  );
}

export function memoryRequest({ resources }: Container): number {
  return parseQuantity(resources?.requests?.['memory']);
}

/** Whether a container that runs needs more than its limit: that which it runs with, not that which its spec wants by now. */
export function exceedsItsLimit(pod: Pod, container: Container, status: ContainerStatus): boolean {
  const actual = status['resources'];
  const limits = isRecord(actual) ? actual['limits'] : container.resources?.limits;
  const limit = isRecord(limits) ? parseQuantity(String(limits['memory'] ?? '')) : 0;
  return limit > 0 && memoryUse(pod, container) > limit;
}
