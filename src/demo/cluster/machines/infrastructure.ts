import type { Infrastructure } from '../model/infrastructure-schemas.ts';
import { InfrastructureState as StateKind } from '../model/kinds.ts';
import type { Store } from '../storage/store.ts';

const name = 'infrastructure';

/** How the making and ending of machines goes: stored with the world, so that what is broken stays so over a restart. */
export function infrastructure(store: Store): Infrastructure {
  return store.get(StateKind, name)?.spec ?? { arrival: 'works', departure: 'works' };
}

export function changeInfrastructure(store: Store, change: Partial<Infrastructure>): void {
  store.put({
    apiVersion: 'simulation/v1',
    kind: StateKind.kind,
    metadata: { name, uid: name, creationTimestamp: '' },
    spec: { ...infrastructure(store), ...change },
  });
}

/** In the words of a cloud that has no machines left. */
export function noCapacityText(zone: string): string {
  const where =
    zone === ''
      ? 'in the Availability Zones you requested'
      : `in the Availability Zone you requested (${zone})`;
  return `InsufficientInstanceCapacity: We currently do not have sufficient capacity ${where}.`;
}
