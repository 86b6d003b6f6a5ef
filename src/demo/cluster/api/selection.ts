import { type Kind, Pod } from '../model/kinds.ts';
import type { KubeObject } from '../model/objects.ts';
import type { Requirement } from '../model/scheduling-schemas.ts';
import { meetsAll, parseLabelSelector } from '../model/selectors.ts';
import { badRequest } from '../registry/api-error.ts';
import type { Store } from '../storage/store.ts';
import { type FieldTerm, meetsTerms, parseFieldSelector } from './field-selectors.ts';
import type { Target } from './routes.ts';

/** Which objects of a collection a list or a watch asks for. */
export interface Selection {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly fields: readonly FieldTerm[];
  readonly labels: readonly Requirement[];
  /** The selectors as they were written: a page is continued only under the same ones. */
  readonly text: string;
}

/** @throws ApiError 400 where a selector cannot be parsed */
export function parseSelection(target: Target, query: URLSearchParams): Selection {
  const { kind, namespace, name } = target;
  const fieldText = query.get('fieldSelector') ?? '';
  const labelText = query.get('labelSelector') ?? '';
  const labels = parseLabelSelector(labelText);
  if (labels === undefined) {
    throw badRequest(
      `unable to parse requirement: found '${labelText}', expected: a label selector`,
    );
  }
  const fields = parseFieldSelector(kind, fieldText);
  const named = name === undefined ? [] : [{ field: 'metadata.name', value: name, negated: false }];
  return {
    kind,
    namespace,
    fields: [...fields, ...named],
    labels,
    text: [kind.kind, namespace ?? '', fieldText, labelText].join('|'),
  };
}

export function isSelected(selection: Selection, object: KubeObject): boolean {
  return (
    object.kind === selection.kind.kind &&
    (selection.namespace === undefined || object.metadata.namespace === selection.namespace) &&
    meetsTerms(object, selection.fields) &&
    meetsAll(object.metadata.labels ?? {}, selection.labels)
  );
}

export function isFiltered(selection: Selection): boolean {
  return selection.fields.length > 0 || selection.labels.length > 0;
}

/** The selected objects in the order of their keys; pods of one node come from an index. */
export function selectObjects(store: Store, selection: Selection): readonly KubeObject[] {
  const onNode = selection.fields.find((term) => term.field === 'spec.nodeName' && !term.negated);
  const candidates =
    selection.kind.kind === Pod.kind && onNode !== undefined && onNode.value !== ''
      ? store.podsOnNode(Pod, onNode.value)
      : store.list(selection.kind, selection.namespace);
  return isFiltered(selection) || onNode !== undefined
    ? candidates.filter((object) => isSelected(selection, object))
    : candidates;
}
