import { isDeepStrictEqual } from 'node:util';
import { type Kind, Pod as PodKind } from '../model/kinds.ts';
import { isRecord, type KubeObject } from '../model/objects.ts';
import type { Pod } from '../model/schemas.ts';
import { type Cause, invalid } from './api-error.ts';

const immutable: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['selector'],
  ReplicaSet: ['selector'],
  StatefulSet: ['selector', 'serviceName', 'podManagementPolicy'],
  DaemonSet: ['selector'],
  Job: ['selector', 'template', 'completionMode'],
  Pod: ['nodeName', 'nodeSelector', 'restartPolicy', 'volumes', 'affinity'],
};

/** @throws ApiError 422 where a field changes that may not */
export function checkImmutable(kind: Kind, next: KubeObject, stored: KubeObject): void {
  const before = isRecord(stored.spec) ? stored.spec : {};
  const after = isRecord(next.spec) ? next.spec : {};
  const changed = (immutable[kind.kind] ?? []).filter(
    (field) => !isDeepStrictEqual(before[field], after[field]),
  );
  if (changed.length === 0) {
    if (kind.kind !== PodKind.kind) return;
    checkGates(next as Pod, stored as Pod);
    if (hasSameContainers(before, after)) return;
    throw invalid(kind, stored.metadata.name, [onlyImages]);
  }
  throw invalid(
    kind,
    stored.metadata.name,
    changed.map((field) => ({
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(after[field])}: field is immutable`,
      field: `spec.${field}`,
    })),
  );
}

/** @throws ApiError 422 where a gate is added: they may only go */
function checkGates(next: Pod, stored: Pod): void {
  const before = (stored.spec.schedulingGates ?? []).map(({ name }) => name);
  const causes: Cause[] = [];
  for (const [index, { name }] of (next.spec.schedulingGates ?? []).entries()) {
    if (before.includes(name)) continue;
    causes.push({
      reason: 'FieldValueForbidden',
      message: `Forbidden: only deletion is allowed, but found new scheduling gate '${name}'`,
      field: `spec.schedulingGates[${index}].name`,
    });
  }
  if (causes.length > 0) throw invalid(PodKind, stored.metadata.name, causes);
}

const onlyImages: Cause = {
  reason: 'FieldValueForbidden',
  message:
    'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
  field: 'spec',
};

function hasSameContainers(before: Record<string, unknown>, after: Record<string, unknown>) {
  const bare = (list: unknown) =>
    (Array.isArray(list) ? list : []).map((container) => ({ ...container, image: '' }));
  return ['containers', 'initContainers'].every((field) =>
    isDeepStrictEqual(bare(before[field]), bare(after[field])),
  );
}
