import type { Kind } from '../model/kinds.ts';
import { isRecord, type KubeObject } from '../model/objects.ts';
import type { LabelSelector } from '../model/scheduling-schemas.ts';
import { selects } from '../model/selectors.ts';
import { invalid } from './api-error.ts';

const selecting = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet']);

/** @throws ApiError 422 where a workload would not select the pods that it makes */
export function checkSelectorFits(kind: Kind, object: KubeObject): void {
  if (!selecting.has(kind.kind) || !isRecord(object.spec)) return;
  const { selector, template } = object.spec as {
    selector: LabelSelector;
    template: { metadata?: { labels?: Record<string, string> } };
  };
  const labels = template.metadata?.labels ?? {};
  if (selects(selector, labels)) return;
  // Go's way to print a map.
  const printed = `map[string]string${JSON.stringify(labels)}`;
  const message = `Invalid value: ${printed}: \`selector\` does not match template \`labels\``;
  const field = 'spec.template.metadata.labels';
  throw invalid(kind, object.metadata.name, [{ reason: 'FieldValueInvalid', message, field }]);
}
