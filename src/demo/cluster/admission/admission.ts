import { type Kind, Pod as PodKind } from '../model/kinds.ts';
import type { KubeObject } from '../model/objects.ts';
import type { Pod } from '../model/schemas.ts';
import type { Store } from '../storage/store.ts';
import { checkLimitRanges, withLimitRangeDefaults } from './limit-ranges.ts';
import { enforcePodSecurity } from './pod-security.ts';
import { withPriority } from './priority.ts';
import { chargeQuotas } from './resource-quotas.ts';

interface Creation {
  readonly kind: Kind;
  readonly object: KubeObject;
  readonly dryRun: boolean;
}

/**
 * The pod with what admission adds where it says nothing itself.
 * @throws ApiError 403 where its priority class is not there
 */
export function withPodAdmission(store: Store, pod: Pod): Pod {
  return withLimitRangeDefaults(store, withPriority(store, pod));
}

/**
 * What may still refuse an object that is to be created, in the order of the API server's own plugins. Quotas come last: what
 * they are charged with is created.
 * @throws ApiError 403
 */
export function admitCreation(store: Store, creation: Creation): void {
  const { kind, object } = creation;
  if (kind.kind === PodKind.kind) {
    const pod = object as Pod;
    checkLimitRanges(store, pod);
    enforcePodSecurity(store, pod);
  }
  chargeQuotas(store, creation);
}
