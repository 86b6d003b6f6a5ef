import { VolumeClaim as ClaimKind, Volume as VolumeKind } from '../model/kinds.ts';
import { isTerminating } from '../model/objects.ts';
import type { VolumeClaim } from '../model/volume-schemas.ts';
import { keyOf, type Store } from '../storage/store.ts';
import { type Controller, type ControlPlane, splitKey } from './controller.ts';

const provisioner = 'pv.kubernetes.io/provisioned-by';

/**
 * Makes a volume, to be reached from every node, for each claim that is bound to none; removes it with its claim. A claim
 * with the storage class '' wants a volume that an administrator has made, and waits for one.
 */
export function createVolumeClaims(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  return {
    delayMs: timings.controllerMs,
    kinds: [ClaimKind],
    keysOf: ({ object }) => (object.kind === ClaimKind.kind ? [keyOf(object)] : []),
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const claim = store.get(ClaimKind, name, namespace);
      if (claim === undefined) removeVolumeOf(store, namespace, name);
      else if (!isTerminating(claim)) bind(plane, claim);
      return undefined;
    },
  };
}

function bind(plane: ControlPlane, claim: VolumeClaim): void {
  const { volumeName, storageClassName } = claim.spec;
  if (volumeName === undefined && storageClassName === '') return;
  const volume = volumeName ?? provision(plane, claim);
  plane.store.change(claim, (draft) => {
    draft.spec.volumeName = volume;
    draft.status = { ...draft.status, phase: 'Bound' };
  });
}

/** Returns the name of the volume. */
function provision(plane: ControlPlane, claim: VolumeClaim): string {
  const { metadata, spec } = claim;
  const name = `pvc-${metadata.uid}`;
  const { accessModes = [], storageClassName = 'standard', resources } = spec;
  plane.registry.create(VolumeKind, {
    apiVersion: 'v1',
    kind: VolumeKind.kind,
    metadata: { name, annotations: { [provisioner]: 'simulated' } },
    spec: {
      accessModes,
      storageClassName,
      capacity: { storage: resources?.requests?.['storage'] ?? '1Gi' },
      claimRef: {
        apiVersion: 'v1',
        kind: ClaimKind.kind,
        namespace: metadata.namespace,
        name: metadata.name,
        uid: metadata.uid,
      },
      persistentVolumeReclaimPolicy: 'Delete',
      csi: { driver: 'simulated', volumeHandle: name },
    },
  });
  return name;
}

function removeVolumeOf(store: Store, namespace: string, name: string): void {
  for (const volume of store.list(VolumeKind)) {
    const { claimRef } = volume.spec;
    const isOurs = volume.metadata.annotations?.[provisioner] !== undefined;
    if (isOurs && claimRef?.namespace === namespace && claimRef.name === name) store.remove(volume);
  }
}
