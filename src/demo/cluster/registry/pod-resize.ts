import { isDeepStrictEqual } from 'node:util';
import { checkLimitRanges } from '../admission/limit-ranges.ts';
import { chargeQuotas } from '../admission/resource-quotas.ts';
import { Pod as PodKind } from '../model/kinds.ts';
import { parseQuantity } from '../model/quantities.ts';
import type { Container, Pod } from '../model/schemas.ts';
import type { Store } from '../storage/store.ts';
import { type Cause, invalid } from './api-error.ts';
import { qosClass } from './pod-defaults.ts';
import { validated } from './validation.ts';

const resizable = ['cpu', 'memory'];

/**
 * The stored pod with the resources that `next` wants for its containers; nothing else may differ.
 * @throws ApiError 422 for what cannot be changed in place, 403 from LimitRanges and quotas
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources/
 */
export function resizedPod(
  store: Store,
  change: { readonly next: Pod; readonly stored: Pod; readonly dryRun: boolean },
): Pod {
  const { next, stored, dryRun } = change;
  const resized = validated(PodKind, {
    ...stored,
    metadata: { ...stored.metadata },
    spec: { ...next.spec },
  });
  if (isDeepStrictEqual(resized.spec, stored.spec)) return stored;
  const causes = faultsOf(resized, stored);
  if (causes.length > 0) throw invalid(PodKind, stored.metadata.name, causes);
  checkLimitRanges(store, resized);
  chargeQuotas(store, { kind: PodKind, object: resized, before: stored, dryRun });
  resized.metadata.generation = (stored.metadata.generation ?? 1) + 1;
  return resized;
}

function faultsOf(resized: Pod, stored: Pod): Cause[] {
  if (!isDeepStrictEqual(withoutAmounts(resized), withoutAmounts(stored))) {
    return [forbidden('spec', 'only cpu and memory resources are mutable')];
  }
  const causes = resized.spec.containers.flatMap((container, index) => {
    const before = stored.spec.containers[index];
    if (before === undefined || !losesMemory(container, before)) return [];
    const why = 'memory limits cannot be decreased unless resizePolicy is RestartContainer';
    return [forbidden(`spec.containers[${index}].resources.limits`, why)];
  });
  const qos = qosClass(resized.spec);
  if (qos === qosClass(stored.spec)) return causes;
  const message = `Invalid value: "${qos}": Pod QOS Class may not change as a result of resizing`;
  return [...causes, { reason: 'FieldValueInvalid', message, field: 'spec' }];
}

function forbidden(field: string, why: string): Cause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${why}`, field };
}

function losesMemory(container: Container, before: Container): boolean {
  const limit = ({ resources }: Container) => parseQuantity(resources?.limits?.['memory']);
  const policies = container['resizePolicy'];
  const restarts =
    Array.isArray(policies) &&
    policies.some(
      (each) => each.resourceName === 'memory' && each.restartPolicy === 'RestartContainer',
    );
  return !restarts && limit(container) < limit(before);
}

function withoutAmounts(pod: Pod): unknown {
  const containers = pod.spec.containers.map((container) => ({
    ...container,
    resources: {
      ...container.resources,
      requests: others(container.resources?.requests),
      limits: others(container.resources?.limits),
    },
  }));
  return { ...pod.spec, containers };
}

function others(amounts: Record<string, unknown> | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(amounts ?? {}).filter(([name]) => !resizable.includes(name)),
  );
}
