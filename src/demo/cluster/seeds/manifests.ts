import { createHash } from 'node:crypto';
import type { Manifest, OwnerReference } from '../model/objects.ts';
import { timestamp } from '../model/objects.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** The same object of the same seed always has the same UID. */
export function uidOf(...path: readonly string[]): string {
  const hex = createHash('sha256').update(path.join('/')).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`];
  return [...parts, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

export interface Named {
  readonly region: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly ageDays?: number;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly owner?: OwnerReference;
  readonly finalizers?: string[];
}

/** The beginning of a manifest: its type and metadata. */
export function manifest(named: Named): Manifest & { metadata: { name: string; uid: string } } {
  const { region, apiVersion, kind, name, namespace, labels, annotations, owner, finalizers } =
    named;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: uidOf(region, kind, namespace ?? '', name),
      creationTimestamp: timestamp(Date.now() - (named.ageDays ?? 12) * dayMs),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(owner === undefined ? {} : { ownerReferences: [owner] }),
      ...(finalizers === undefined ? {} : { finalizers }),
    },
  };
}

export function ownerOf(owner: Manifest, controller = true): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name ?? '',
    uid: owner.metadata.uid ?? '',
    controller,
    blockOwnerDeletion: true,
  };
}
