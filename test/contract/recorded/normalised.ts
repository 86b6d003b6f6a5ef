import type { Recording } from './recording.ts';

const patterns: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-<suffix>'],
  [/\b(web|two|never|solo)-[a-z0-9]{9,10}-[a-z0-9]{5}\b/g, '$1-<hash>-<suffix>'],
  [/\b(web|two|never|solo)-[a-z0-9]{9,10}\b/g, '$1-<hash>'],
  [/\bprepull-bad-[a-z0-9]{5}\b/g, 'prepull-bad-<suffix>'],
  [/\b(prepull-bad)\.[a-z0-9]{16}\b/g, '$1.<suffix>'],
  [/\(\d+\)/g, '(<revision>)'],
  [/10\.244\.\d+\.\d+/g, '<pod-ip>'],
  [/^(?:fake:\/\/registry\S+|registry\S+@sha256:[0-9a-f]{64})$/, '<image-id>'],
];

/** Values that differ from one run to the next, by the name of their field. */
const volatile = new Set([
  'resourceVersion',
  'continue',
  'pod-template-hash',
  'storageVersionHash',
]);

/**
 * What only one of the clusters had: labels set between two recordings, a certificate, and what depends on the kubelet:
 * the images on a node, and the names of unready containers, which the recorded cluster's stand-in left out.
 */
function isForeign(key: string, value: unknown): boolean {
  if (key === 'message' && String(value).startsWith('containers with unready status')) return true;
  if (key === 'images') return true;
  if (key.startsWith('pod-security.kubernetes.io/') || key === 'storageVersionHash') return true;
  const { configMap } = Object(value) as { configMap?: { name?: string } };
  return configMap?.name === 'openshift-service-ca.crt';
}

/** The body without what is generated anew each time, so that two bodies can be compared. */
export function normalised(value: unknown): unknown {
  if (typeof value === 'string') {
    let text = value;
    for (const [pattern, name] of patterns) text = text.replace(pattern, name);
    return text;
  }
  if (Array.isArray(value)) {
    return value.filter((each) => !isForeign('', each)).map(normalised);
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept: [string, unknown][] = [];
  for (const [key, each] of Object.entries(value)) {
    if (isForeign(key, each)) continue;
    kept.push([String(normalised(key)), volatile.has(key) ? `<${key}>` : normalised(each)]);
  }
  return Object.fromEntries(kept);
}

/** An answer to be compared with the recorded one, which has managers of fields only where they matter. */
export function comparable(body: unknown, recording: Recording): unknown {
  const recorded = JSON.stringify(recording.response.body) ?? '';
  if (body === undefined || recorded.includes('managedFields')) return normalised(body);
  const others = (key: string, value: unknown) => (key === 'managedFields' ? undefined : value);
  return normalised(JSON.parse(JSON.stringify(body, others)));
}
