import type { ClusterUnderTest } from '../cluster/cluster-under-test.ts';
import { numberOf, type Recording } from './recording.ts';

/** Paths whose values belong to the cluster that was recorded: only their type is compared. By number of the exchange. */
const belongsToTheCluster: Readonly<Record<string, readonly RegExp[]>> = {
  '01': [/./],
  '06': [/^metadata\.remainingItemCount/, /^items\[0\]\./],
  '07': [/^metadata\.continue/, /^items\[0\]\./],
  '08': [/^metadata\.continue/, /^items\[0\]\./],
  '11': [/^metadata\.(labels|annotations)/, /^status/, /^spec\.(providerID|taints)/],
  '12': [/^metadata\.(labels|annotations)/, /^status/, /^spec\.(providerID|taints)/],
  '21': [
    /^spec\.(volumes|nodeName|tolerations)/,
    /^spec\.containers\[main\]\.volumeMounts/,
    /^status\./,
  ],
  '30': [/\.object\.(spec|status|metadata)\./],
  '31': [/\.message$/],
  '45': [/^metadata/],
  '50': [/^metadata\.managedFields/, /^status/],
  '52': [
    /^spec\.(volumes|nodeName|tolerations)/,
    /^spec\.containers\[main\]\.volumeMounts/,
    /^status\./,
  ],
  '60': [/^items/],
};

/** Whatever the exchange is: the image is one that the cluster can pull. */
const image = /\.image$/;

/** Fields that not every cluster, or not every version from 1.30 on, has. */
const notEverywhere = new Set([
  'providerID',
  'generation',
  'observedGeneration',
  'terminating',
  'ready',
  'storageVersionHash',
  'emulationMajor',
  'emulationMinor',
  'minCompatibilityMajor',
  'minCompatibilityMinor',
]);

/** Lists of objects that have an identity, by which they are compared; others are compared by position. */
const identities = ['name', 'key', 'manager', 'mountPath'];

/**
 * In what an answer of a given cluster falls short of the recorded one. Everything recorded has to be there, alike. More
 * may be there: versions from 1.30 on add fields, and clusters add labels, volumes and conditions of their own.
 */
export function shortcomings(recording: Recording, recorded: unknown, answered: unknown): string[] {
  const loose = [image, ...(belongsToTheCluster[numberOf(recording)] ?? [])];
  return compare(recorded, answered, { path: '', loose });
}

interface Place {
  readonly path: string;
  readonly loose: readonly RegExp[];
}

function compare(recorded: unknown, answered: unknown, place: Place): string[] {
  const { path, loose } = place;
  if (recorded === null && answered === undefined) return [];
  if (typeOf(recorded) !== typeOf(answered)) {
    return [`${path}: ${typeOf(recorded)} was recorded, not ${typeOf(answered)}`];
  }
  if (loose.some((pattern) => pattern.test(path))) return [];
  if (Array.isArray(recorded)) return compareLists(recorded, answered as unknown[], place);
  if (isRecord(recorded)) return compareRecords(recorded, Object(answered), place);
  if (recorded === answered) return [];
  return [`${path}: ${JSON.stringify(recorded)} was recorded, not ${JSON.stringify(answered)}`];
}

function compareRecords(
  recorded: Record<string, unknown>,
  answered: Record<string, unknown>,
  { path, loose }: Place,
): string[] {
  return Object.entries(recorded).flatMap(([field, value]) => {
    if (answered[field] === undefined && notEverywhere.has(field)) return [];
    const at = path === '' ? field : `${path}.${field}`;
    return compare(value, answered[field], { path: at, loose });
  });
}

function compareLists(
  recorded: readonly unknown[],
  answered: readonly unknown[],
  { path, loose }: Place,
): string[] {
  return recorded.flatMap((each, index) => {
    const identity = identityOf(each);
    const other = identity === undefined ? answered[index] : answered.find(hasIdentity(identity));
    return compare(each, other, { path: `${path}[${identity?.value ?? index}]`, loose });
  });
}

interface Identity {
  readonly field: string;
  readonly value: string;
}

function identityOf(each: unknown): Identity | undefined {
  if (!isRecord(each)) return undefined;
  for (const field of identities) {
    const value = each[field];
    if (typeof value === 'string') return { field, value };
  }
  return undefined;
}

function hasIdentity({ field, value }: Identity): (each: unknown) => boolean {
  return (each) => isRecord(each) && each[field] === value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeOf(value) === 'object';
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

/** Why an exchange cannot take place in this cluster; undefined where it can. */
export function whyNot(
  cluster: ClusterUnderTest,
  recording: Recording,
  facts: { readonly minorVersion: number; readonly hasOwnVpa: boolean },
): string | undefined {
  const number = Number(numberOf(recording));
  if (cluster.given === undefined) return undefined;
  if (number === 52 && facts.minorVersion < 33) return 'pods are resized in place from 1.33 on';
  if (number >= 45 && number <= 49 && facts.hasOwnVpa) {
    return 'the cluster has VerticalPodAutoscalers of its own';
  }
  return undefined;
}
