import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { PodTemplate } from './schemas.ts';

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** A short name for a value, made of the letters of generated names; the same for equal values. */
export function shortHash(value: unknown, length = 10): string {
  const digest = createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest();
  return [...digest.subarray(0, length)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

/** The template without the label that the hash itself becomes. */
export function bareTemplate(template: PodTemplate): PodTemplate {
  const { 'pod-template-hash': _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}
