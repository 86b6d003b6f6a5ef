import { isRecord } from '../model/objects.ts';

/**
 * The lists that are merged by a key rather than replaced, by field name. Where a field of the same name is a plain list
 * somewhere else (a container's `command`), it is not in here. Nor are taints and tolerations: they are atomic lists.
 * @see https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
 */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  volumes: 'name',
  env: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  ports: 'containerPort',
  imagePullSecrets: 'name',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
  conditions: 'type',
  addresses: 'type',
  ownerReferences: 'uid',
};

/** Lists of plain values that are united. */
const unitedLists = new Set(['finalizers']);

type Fields = Record<string, unknown>;

export function mergeStrategically(target: unknown, patch: Fields): unknown {
  if (patch['$patch'] === 'replace') return without(patch, '$patch');
  const result: Fields = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete result[key];
    else result[key] = mergeField(key, result[key], value);
  }
  applyDirectives(result, patch);
  return result;
}

function mergeField(key: string, before: unknown, value: unknown): unknown {
  if (Array.isArray(value)) return mergeList(key, Array.isArray(before) ? before : [], value);
  if (isRecord(value)) return mergeStrategically(before, value);
  return value;
}

function mergeList(key: string, before: readonly unknown[], patch: readonly unknown[]): unknown[] {
  if (unitedLists.has(key)) return [...new Set([...before, ...patch])];
  const mergeKey = mergeKeys[key] ?? '';
  const keyed = mergeKey !== '' && patch.every(isRecord);
  if (!keyed) return structuredClone([...patch]);
  const items = patch.filter(isRecord);
  const all = items.some((item) => item['$patch'] === 'replace');
  const result: unknown[] = all ? [] : [...before];
  for (const item of items) mergeItem(result, item, serviceKey(key, mergeKey, item));
  return result;
}

/** A Service's ports are keyed by `port`, a container's by `containerPort`. */
function serviceKey(key: string, mergeKey: string, item: Fields): string {
  return key === 'ports' && !('containerPort' in item) ? 'port' : mergeKey;
}

function mergeItem(list: unknown[], item: Fields, mergeKey: string): void {
  if (item['$patch'] === 'replace') return;
  const at = list.findIndex((each) => isRecord(each) && each[mergeKey] === item[mergeKey]);
  const old = list[at];
  if (item['$patch'] === 'delete') {
    if (at !== -1) list.splice(at, 1);
    return;
  }
  const next = mergeStrategically(old, item);
  if (at === -1) list.push(next);
  else list[at] = next;
}

/** `$deleteFromPrimitiveList/finalizers`, `$retainKeys`; `$setElementOrder` only orders, and is left out. */
function applyDirectives(result: Fields, patch: Fields): void {
  for (const [key, value] of Object.entries(patch)) {
    const field = key.split('/')[1] ?? '';
    if (key.startsWith('$deleteFromPrimitiveList/') && Array.isArray(value)) {
      const list = result[field];
      if (Array.isArray(list)) result[field] = list.filter((each) => !value.includes(each));
    }
  }
  const retained = patch['$retainKeys'];
  if (!Array.isArray(retained)) return;
  for (const name of Object.keys(result)) if (!retained.includes(name)) delete result[name];
}

function without(fields: Fields, name: string): Fields {
  const { [name]: _, ...rest } = fields;
  return rest;
}
