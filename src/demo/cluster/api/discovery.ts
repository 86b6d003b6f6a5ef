import { type Kind, kinds } from '../model/kinds.ts';
import type { Store } from '../storage/store.ts';
import { metricsGroup, metricsResources } from './metrics.ts';
import { isServed } from './routes.ts';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const subresourceVerbs = ['get', 'patch', 'update'];

export const version = {
  major: '1',
  minor: '33',
  emulationMajor: '1',
  emulationMinor: '33',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '32',
  gitVersion: 'v1.33.13',
  gitCommit: '$Format:%H$',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'go1.24.4',
  compiler: 'gc',
  platform: 'linux/amd64',
};

/** Answers /api, /apis and what is below them; undefined for any other path. */
export function discover(store: Store, path: string): unknown {
  const served = servedGroups(store);
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/api/v1') return resourceList('v1', served.get('v1') ?? []);
  if (path === '/apis') {
    const groups = [...served.keys()].filter((each) => each !== 'v1').map(groupOf);
    return { kind: 'APIGroupList', apiVersion: 'v1', groups };
  }
  const groupVersion = /^\/apis\/([^/]+\/[^/]+)$/.exec(path)?.[1];
  const list = served.get(groupVersion ?? '');
  if (groupVersion !== undefined && list !== undefined) return resourceList(groupVersion, list);
  const group = /^\/apis\/([^/]+)$/.exec(path)?.[1];
  const named = [...served.keys()].find((each) => each.startsWith(`${group}/`));
  if (named === undefined) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(named) };
}

function servedGroups(store: Store): Map<string, Kind[]> {
  const groups = new Map<string, Kind[]>(Object.keys(unstored).map((group) => [group, []]));
  for (const kind of kinds.filter((each) => isServed(store, each))) {
    const key = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
    groups.set(key, [...(groups.get(key) ?? []), kind]);
  }
  return groups;
}

function groupOf(groupVersion: string): Record<string, unknown> {
  const [name, version] = groupVersion.split('/');
  const entry = { groupVersion, version };
  return { name, versions: [entry], preferredVersion: entry };
}

function resourceList(groupVersion: string, list: readonly Kind[]): Record<string, unknown> {
  const resources = unstored[groupVersion] ?? list.flatMap(resourcesOf);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

const accessReview = {
  name: 'selfsubjectaccessreviews',
  singularName: 'selfsubjectaccessreview',
  namespaced: false,
  kind: 'SelfSubjectAccessReview',
  verbs: ['create'],
};

/** Groups whose resources are answered, and kept nowhere. */
const unstored: Readonly<Record<string, readonly object[]>> = {
  'authorization.k8s.io/v1': [accessReview],
  [metricsGroup]: metricsResources,
};

/** What `kubectl get all` means. */
const inAll = new Set([
  'Pod',
  'Service',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
]);

function resourcesOf(kind: Kind): unknown[] {
  const main = {
    name: kind.plural,
    singularName: kind.kind.toLowerCase(),
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs,
    ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
    ...(inAll.has(kind.kind) ? { categories: ['all'] } : {}),
  };
  const part = (name: string, more: Record<string, unknown>) => ({
    name: `${kind.plural}/${name}`,
    singularName: '',
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: subresourceVerbs,
    ...more,
  });
  const scale = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
  const token = {
    group: 'authentication.k8s.io',
    version: 'v1',
    kind: 'TokenRequest',
    verbs: ['create'],
  };
  const eviction = { group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] };
  return [
    main,
    ...(kind.kind === 'Pod' ? [part('eviction', eviction), part('resize', {})] : []),
    ...(kind.kind === 'ServiceAccount' ? [part('token', token)] : []),
    ...(kind.scale ? [part('scale', scale)] : []),
    ...(kind.status ? [part('status', {})] : []),
  ];
}
