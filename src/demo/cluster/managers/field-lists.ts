/** The lists whose items are told apart by keys, by field name; other lists are taken whole. Built-in kinds only. */
const itemKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  imagePullSecrets: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  conditions: ['type'],
  addresses: ['type'],
  ownerReferences: ['uid'],
};

/** Structures that are owned as one. */
const whole = new Set([
  'selector',
  'nodeSelector',
  'labelSelector',
  'fieldRef',
  'resourceFieldRef',
  'secretKeyRef',
  'configMapKeyRef',
]);

export function isWhole(field: string): boolean {
  return whole.has(field);
}

/** Lists of plain values that are owned value by value. */
export function isSet(field: string): boolean {
  return field === 'finalizers';
}

/** The keys of this list's items; undefined where the list is taken whole. A Service's ports are keyed by `port`. */
export function keysOf(
  field: string,
  items: readonly Record<string, unknown>[],
): readonly string[] | undefined {
  if (field !== 'ports') return itemKeys[field];
  return [items.some((item) => 'containerPort' in item) ? 'containerPort' : 'port', 'protocol'];
}
