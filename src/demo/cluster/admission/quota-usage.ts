import { type Kind, Pod as PodKind, resourceName } from '../model/kinds.ts';
import type { KubeObject } from '../model/objects.ts';
import { parseQuantity } from '../model/quantities.ts';
import type { Container, Pod } from '../model/schemas.ts';

/** Amounts by the name that a quota's `hard` has for them. */
export type Usage = ReadonlyMap<string, number>;

const sides = [
  ['requests', 'requests.'],
  ['limits', 'limits.'],
  // Without a prefix the request is meant.
  ['requests', ''],
] as const;
const computed = ['cpu', 'memory', 'ephemeral-storage'];

/** The largest of what the init containers need one by one and what the others need together. */
function needOf(pod: Pod, side: 'requests' | 'limits', name: string): number {
  const amount = ({ resources }: Container) => parseQuantity(resources?.[side]?.[name]);
  let together = 0;
  for (const container of pod.spec.containers) together += amount(container);
  return Math.max(together, ...(pod.spec.initContainers ?? []).map(amount));
}

/** What the object takes of a quota; nothing where it has ended. */
export function usageOf(kind: Kind, object: KubeObject): Usage {
  const usage = new Map([
    [`count/${resourceName(kind)}`, 1],
    [kind.plural, 1],
  ]);
  if (kind.kind === 'PersistentVolumeClaim') {
    const { resources } = object.spec as { resources?: Container['resources'] };
    usage.set('requests.storage', parseQuantity(resources?.requests?.['storage']));
  }
  if (kind.kind !== PodKind.kind) return usage;
  const pod = object as Pod;
  if (['Succeeded', 'Failed'].includes(pod.status?.phase ?? '')) return new Map();
  for (const [side, prefix] of sides) {
    for (const name of computed) usage.set(`${prefix}${name}`, needOf(pod, side, name));
  }
  return usage;
}

/** Whether objects of this kind can take anything of a quota over these names. */
export function isCounted(kind: Kind, names: readonly string[]): boolean {
  return (
    kind.kind === PodKind.kind ||
    names.includes(kind.plural) ||
    names.includes(`count/${resourceName(kind)}`) ||
    (kind.kind === 'PersistentVolumeClaim' && names.includes('requests.storage'))
  );
}

/** Of the names in a quota, those that the pod's containers leave open, with the containers: `limits.cpu for: a,b`. */
export function unspecified(pod: Pod, names: readonly string[]): string[] {
  const open: string[] = [];
  for (const name of [...names].sort()) {
    const [, side = 'requests', resource = ''] =
      /^(?:(requests|limits)\.)?(cpu|memory)$/.exec(name) ?? [];
    if (resource === '') continue;
    const silent = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].filter(
      ({ resources }) => resources?.[side as 'requests' | 'limits']?.[resource] === undefined,
    );
    if (silent.length > 0) open.push(`${name} for: ${silent.map((each) => each.name).join(',')}`);
  }
  return open;
}
