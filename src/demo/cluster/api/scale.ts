import { isRecord, type KubeObject } from '../model/objects.ts';
import type { Deployment } from '../model/schemas.ts';
import { badRequest } from '../registry/api-error.ts';

/** The autoscaling/v1 Scale view of a workload. */
export function scaleOf(workload: KubeObject): KubeObject {
  const { spec, status } = workload as Deployment;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = workload.metadata;
  const labels = Object.entries(spec.selector.matchLabels ?? {});
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid,
      resourceVersion,
      creationTimestamp,
    },
    spec: { replicas: spec.replicas ?? 0 },
    status: {
      replicas: typeof status?.['replicas'] === 'number' ? status['replicas'] : 0,
      selector: labels.map(([key, value]) => `${key}=${value}`).join(','),
    },
  };
}

/**
 * The workload with the replicas that the Scale names.
 * @throws ApiError 400 where it names none
 */
export function withScale(workload: KubeObject, scale: KubeObject): KubeObject {
  const spec = scale.spec;
  const replicas = isRecord(spec) ? (spec['replicas'] ?? 0) : undefined;
  if (typeof replicas !== 'number') throw badRequest('spec.replicas of a Scale must be a number');
  const metadata = { ...workload.metadata, resourceVersion: scale.metadata.resourceVersion };
  const { spec: before } = workload as Deployment;
  return { ...workload, metadata, spec: { ...before, replicas } };
}
