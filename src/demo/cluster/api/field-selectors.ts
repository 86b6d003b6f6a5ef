import type { Kind } from '../model/kinds.ts';
import { isRecord, type KubeObject } from '../model/objects.ts';
import { badRequest } from '../registry/api-error.ts';

export interface FieldTerm {
  readonly field: string;
  readonly value: string;
  readonly negated: boolean;
}

const everywhere = ['metadata.name', 'metadata.namespace'];
const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

const supported: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  Node: ['spec.unschedulable'],
  Namespace: ['status.phase'],
  ReplicaSet: ['status.replicas'],
  Job: ['status.successful'],
  Event: [
    ...involved.map((field) => `involvedObject.${field}`),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
};

/** @throws ApiError 400 where the kind cannot be selected by a field, or the text is no selector */
export function parseFieldSelector(kind: Kind, text: string): FieldTerm[] {
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => parseTerm(kind, part));
}

function parseTerm(kind: Kind, text: string): FieldTerm {
  const match = /^([^=!]+)(!=|==|=)(.*)$/.exec(text);
  if (match === null) throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
  const field = match[1] ?? '';
  if (!everywhere.includes(field) && !(supported[kind.kind] ?? []).includes(field)) {
    throw badRequest(`field label not supported: ${field}`);
  }
  return { field, value: match[3] ?? '', negated: match[2] === '!=' };
}

function valueAt(object: KubeObject, field: string): string {
  let value: unknown = object;
  for (const part of field.split('.')) value = isRecord(value) ? value[part] : undefined;
  if (field === 'spec.unschedulable') return String(value ?? false);
  return value === undefined ? '' : String(value);
}

export function meetsTerms(object: KubeObject, terms: readonly FieldTerm[]): boolean {
  return terms.every((term) => (valueAt(object, term.field) === term.value) !== term.negated);
}
