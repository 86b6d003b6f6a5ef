import { isDeepStrictEqual } from 'node:util';
import { noteControllerWrite } from '../managers/controller-writes.ts';
import { bareTemplate, shortHash } from '../model/hash.ts';
import { Deployment as DeploymentKind, ReplicaSet as SetKind } from '../model/kinds.ts';
import { ownerReference } from '../model/objects.ts';
import type { Deployment, ReplicaSet } from '../model/schemas.ts';
import type { Controller, ControlPlane } from './controller.ts';
import { untilDeadline } from './deployment-progress.ts';
import { deploymentStatus } from './deployment-status.ts';
import { ownerController } from './owner-controller.ts';
import { rollingSizes } from './rolling-update.ts';

const REVISION = 'deployment.kubernetes.io/revision';

/** Rolls each Deployment's ReplicaSets towards its template and size. */
export function createDeployments(plane: ControlPlane): Controller {
  return ownerController(plane, DeploymentKind, (deployment) => {
    const { store, timings } = plane;
    const rolled = roll(plane, deployment);
    return untilDeadline(rolled, { now: store.clock.now(), secondMs: timings.secondMs });
  });
}

function roll(plane: ControlPlane, deployment: Deployment): Deployment {
  const { store, timings } = plane;
  const { paused } = deployment.spec;
  const current = paused ? pausedSet(plane, deployment) : rolledSet(plane, deployment);
  const sets = store.ownedBy(SetKind, deployment.metadata.uid);
  return store.change(deployment, (draft) => {
    draft.status = deploymentStatus(deployment, current?.metadata.uid ?? '', {
      sets,
      at: store.timestamp(),
      now: store.clock.now(),
      secondMs: timings.secondMs,
    });
    if (current !== undefined)
      noteRevision(
        draft,
        store.get(SetKind, current.metadata.name, current.metadata.namespace) ?? current,
      );
    noteControllerWrite(deployment, draft, store.timestamp());
  });
}

function noteRevision({ metadata }: Deployment, set: ReplicaSet): void {
  metadata.annotations = { ...metadata.annotations, [REVISION]: revisionOf(set) };
}

/** One step towards the template: its ReplicaSet, made where there is none yet. */
function rolledSet(plane: ControlPlane, deployment: Deployment): ReplicaSet {
  const current = currentSet(plane, deployment);
  const others = plane.store
    .ownedBy(SetKind, deployment.metadata.uid)
    .filter((set) => set.metadata.uid !== current.metadata.uid);
  const sizes = rollingSizes(deployment, current, others);
  for (const [set, replicas] of sizes) resize(plane, set, replicas);
  return current;
}

/** A paused Deployment is only kept at its size. Undefined where its template has no ReplicaSet. */
function pausedSet(plane: ControlPlane, deployment: Deployment): ReplicaSet | undefined {
  const sets = plane.store.ownedBy(SetKind, deployment.metadata.uid);
  const [active, second] = sets.filter((set) => (set.spec.replicas ?? 0) > 0);
  if (active !== undefined && second === undefined) {
    resize(plane, active, deployment.spec.replicas ?? 1);
  }
  return sets.find((set) => hasTemplate(set, deployment));
}

function hasTemplate(set: ReplicaSet, deployment: Deployment): boolean {
  return isDeepStrictEqual(bareTemplate(set.spec.template), bareTemplate(deployment.spec.template));
}

function revisionOf(set: ReplicaSet): string {
  return set.metadata.annotations?.[REVISION] ?? '1';
}

/** The ReplicaSet with the Deployment's template; a new one where there is none yet. */
function currentSet(plane: ControlPlane, deployment: Deployment): ReplicaSet {
  const sets = plane.store.ownedBy(SetKind, deployment.metadata.uid);
  const found = sets.find((set) => hasTemplate(set, deployment));
  const newest = Math.max(0, ...sets.map((set) => Number(revisionOf(set))));
  if (found === undefined) return createSet(plane, deployment, newest + 1);
  if (sets.length === 1 || Number(revisionOf(found)) === newest) return found;
  return plane.store.change(found, (draft) => {
    draft.metadata.annotations = {
      ...draft.metadata.annotations,
      [REVISION]: String(newest + 1),
    };
  });
}

function createSet(plane: ControlPlane, deployment: Deployment, revision: number): ReplicaSet {
  const { template, selector } = deployment.spec;
  const hash = shortHash(bareTemplate(template));
  const labels = { ...template.metadata?.labels, 'pod-template-hash': hash };
  const manifest = {
    apiVersion: 'apps/v1',
    kind: SetKind.kind,
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      labels,
      annotations: { [REVISION]: String(revision) },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: 0,
      selector: {
        ...selector,
        matchLabels: { ...selector.matchLabels, 'pod-template-hash': hash },
      },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
  return plane.registry.create(SetKind, manifest, { namespace: deployment.metadata.namespace });
}

function resize(plane: ControlPlane, set: ReplicaSet, replicas: number): void {
  if (set.spec.replicas === replicas) return;
  plane.store.change(set, (draft) => {
    draft.spec.replicas = replicas;
    draft.metadata.generation = (draft.metadata.generation ?? 1) + 1;
  });
}
