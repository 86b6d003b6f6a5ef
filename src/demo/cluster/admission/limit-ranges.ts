import { LimitRange, Pod as PodKind } from '../model/kinds.ts';
import type { Limit, Quantities } from '../model/policy-schemas.ts';
import { formatQuantity, parseQuantity } from '../model/quantities.ts';
import type { Container, Pod } from '../model/schemas.ts';
import { forbidden } from '../registry/api-error.ts';
import type { Store } from '../storage/store.ts';

type Resources = NonNullable<Container['resources']>;

function limitsOf(store: Store, namespace: string | undefined, type: string): Limit[] {
  const ranges = store.list(LimitRange, namespace ?? '');
  return ranges.flatMap((range) => range.spec.limits).filter((limit) => limit.type === type);
}

/** Defaults of a LimitRange itself: what it does not say of defaults follows from its bounds. */
export function withLimitDefaults(limit: Limit): Limit {
  if (limit.type !== 'Container') return limit;
  const usual = { ...limit.max, ...limit.default };
  const request = { ...limit.min, ...usual, ...limit.defaultRequest };
  return {
    ...limit,
    ...(Object.keys(usual).length === 0 ? {} : { default: usual }),
    ...(Object.keys(request).length === 0 ? {} : { defaultRequest: request }),
  };
}

/** The pod with what its namespace's LimitRanges give to containers that say nothing; an annotation says what was given. */
export function withLimitRangeDefaults(store: Store, pod: Pod): Pod {
  const limits = limitsOf(store, pod.metadata.namespace, 'Container');
  if (limits.length === 0) return pod;
  const notes: string[] = [];
  const filled = (list: readonly Container[], what: string) =>
    list.map((container) => {
      let resources: Resources = container.resources ?? {};
      for (const limit of limits) {
        resources = {
          ...resources,
          requests: { ...limit.defaultRequest, ...resources.requests },
          limits: { ...limit.default, ...resources.limits },
        };
      }
      notes.push(...given(container.resources, resources, `${what} ${container.name}`));
      return { ...container, resources };
    });
  const containers = filled(pod.spec.containers, 'container');
  const { initContainers } = pod.spec;
  const init = initContainers && { initContainers: filled(initContainers, 'init container') };
  const spec = { ...pod.spec, ...init, containers };
  return notes.length === 0 ? { ...pod, spec } : annotated({ ...pod, spec }, notes);
}

function given(before: Resources | undefined, after: Resources, who: string): string[] {
  return (['requests', 'limits'] as const).flatMap((side) => {
    const names = Object.keys(after[side] ?? {}).filter(
      (name) => !(name in (before?.[side] ?? {})),
    );
    return names.length === 0 ? [] : [`${names.sort().join(', ')} ${side.slice(0, -1)} for ${who}`];
  });
}

function annotated(pod: Pod, notes: readonly string[]): Pod {
  const note = { 'kubernetes.io/limit-ranger': `LimitRanger plugin set: ${notes.join('; ')}` };
  const annotations = { ...pod.metadata.annotations, ...note };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}

/** @throws ApiError 403 naming each bound that the pod or a container of it breaks */
export function checkLimitRanges(store: Store, pod: Pod): void {
  const { namespace, name } = pod.metadata;
  const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const faults = limitsOf(store, namespace, 'Container').flatMap((limit) =>
    all.flatMap((container) => faultsOf(limit, container.resources ?? {})),
  );
  for (const limit of limitsOf(store, namespace, 'Pod')) {
    faults.push(...faultsOf(limit, totalOf(pod)));
  }
  if (faults.length === 0) return;
  throw forbidden(
    PodKind,
    name,
    faults.length === 1 ? (faults[0] ?? '') : `[${faults.join(', ')}]`,
  );
}

function totalOf(pod: Pod): Resources {
  const total: Record<'requests' | 'limits', Record<string, string>> = { requests: {}, limits: {} };
  for (const side of ['requests', 'limits'] as const) {
    const names = new Set(
      pod.spec.containers.flatMap((each) => Object.keys(each.resources?.[side] ?? {})),
    );
    for (const name of names) {
      let sum = 0;
      for (const { resources } of pod.spec.containers)
        sum += parseQuantity(resources?.[side]?.[name]);
      total[side][name] = formatQuantity(name, sum);
    }
  }
  return total;
}

function faultsOf(limit: Limit, resources: Resources): string[] {
  const { requests = {}, limits = {} } = resources;
  return [
    ...belowMinimum(limit, requests, limits),
    ...aboveMaximum(limit, requests, limits),
    ...beyondRatio(limit, requests, limits),
  ];
}

function belowMinimum({ type, min = {} }: Limit, requests: Quantities, limits: Quantities) {
  return Object.entries(min).flatMap(([name, least]) => {
    const says = `minimum ${name} usage per ${type} is ${least}`;
    const isLess = (value: string | number | undefined) =>
      value !== undefined && parseQuantity(value) < parseQuantity(least);
    if (requests[name] === undefined) return [`${says}.  No request is specified`];
    if (isLess(requests[name])) return [`${says}, but request is ${requests[name]}`];
    return isLess(limits[name]) ? [`${says}, but limit is ${limits[name]}`] : [];
  });
}

function aboveMaximum({ type, max = {} }: Limit, requests: Quantities, limits: Quantities) {
  return Object.entries(max).flatMap(([name, most]) => {
    const says = `maximum ${name} usage per ${type} is ${most}`;
    const isMore = (value: string | number | undefined) =>
      parseQuantity(value) > parseQuantity(most);
    if (limits[name] === undefined) return [`${says}.  No limit is specified`];
    if (isMore(limits[name])) return [`${says}, but limit is ${limits[name]}`];
    return isMore(requests[name]) ? [`${says}, but request is ${requests[name]}`] : [];
  });
}

function beyondRatio(limit: Limit, requests: Quantities, limits: Quantities) {
  return Object.entries(limit.maxLimitRequestRatio ?? {}).flatMap(([name, most]) => {
    const ratio = parseQuantity(limits[name]) / parseQuantity(requests[name]);
    if (!(ratio > parseQuantity(most))) return [];
    return [
      `${name} max limit to request ratio per ${limit.type} is ${most}, but provided ratio is ${ratio.toFixed(6)}`,
    ];
  });
}
