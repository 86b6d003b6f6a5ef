import { createHeartbeats } from '../kubelet/heartbeats.ts';
import { createKubelets } from '../kubelet/kubelets.ts';
import { createNodePressure } from '../kubelet/node-pressure.ts';
import { createMachineHealthChecks } from '../machines/machine-health-checks.ts';
import { createMachineDeployments, createMachineSets } from '../machines/machine-sets.ts';
import { createMachines } from '../machines/machines.ts';
import { createNodeClaims } from '../machines/node-claims.ts';
import { createNodePools } from '../machines/node-pools.ts';
import type { Registry } from '../registry/registry.ts';
import type { Timings } from '../timings.ts';
import { type Controller, type ControlPlane, runController } from './controller.ts';
import { createDaemonSets } from './daemon-sets.ts';
import { createDeployments } from './deployments.ts';
import { createDisruptionController } from './disruption-controller.ts';
import { createEndpointSlices } from './endpoint-slices.ts';
import { EventRecorder } from './event-recorder.ts';
import { createGarbageCollector } from './garbage-collector.ts';
import { createJobs } from './jobs.ts';
import { createNamespaces } from './namespaces.ts';
import { createNodeLifecycle } from './node-lifecycle.ts';
import { createPodGc } from './pod-gc.ts';
import { createReplicaSets } from './replica-sets.ts';
import { createResourceQuotas } from './resource-quotas.ts';
import { createScheduler } from './scheduler.ts';
import { createServiceAccounts } from './service-accounts.ts';
import { createStatefulSets } from './stateful-sets.ts';
import { createTaintEviction } from './taint-eviction.ts';
import { createVolumeClaims } from './volume-claims.ts';

const controllers: readonly ((plane: ControlPlane) => Controller)[] = [
  createDeployments,
  createReplicaSets,
  createStatefulSets,
  createDaemonSets,
  createJobs,
  createScheduler,
  createKubelets,
  createHeartbeats,
  createNodePressure,
  createNodeLifecycle,
  createTaintEviction,
  createPodGc,
  createDisruptionController,
  createEndpointSlices,
  createGarbageCollector,
  createNamespaces,
  createServiceAccounts,
  createResourceQuotas,
  createVolumeClaims,
  createMachineDeployments,
  createMachineSets,
  createMachines,
  createMachineHealthChecks,
  createNodePools,
  createNodeClaims,
];

/** Starts everything that acts in the cluster of its own accord, until the returned function is called. */
export function startControlPlane(registry: Registry, timings: Timings): () => void {
  const { store } = registry;
  const plane = { store, registry, timings, events: new EventRecorder(registry) };
  const stops = controllers.map((create) => runController(store, create(plane)));
  return () => {
    for (const stop of stops) stop();
  };
}
