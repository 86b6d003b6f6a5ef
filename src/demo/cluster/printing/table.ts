import { apiVersionOf, type Kind } from '../model/kinds.ts';
import type { KubeObject } from '../model/objects.ts';
import { age, type Column, createdAt, nameColumn } from './column.ts';
import { coreColumns } from './core-columns.ts';
import { otherColumns } from './other-columns.ts';
import { workloadColumns } from './workload-columns.ts';

const columnsByKind = { ...coreColumns, ...workloadColumns, ...otherColumns };

export interface TableOptions {
  readonly kind: Kind;
  readonly nowMs: number;
  /** How much of each object goes along with its row. */
  readonly includeObject: string;
  /** The list's, or the object's. */
  readonly metadata: unknown;
  readonly withDefinitions: boolean;
}

function columnsOf(kind: Kind): readonly Column[] {
  return columnsByKind[kind.kind] ?? [nameColumn, kind.custom ? age : createdAt];
}

/**
 * Objects as the API server prints them for `kubectl get`.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 */
export function tableOf(
  objects: readonly KubeObject[],
  options: TableOptions,
): Record<string, unknown> {
  const columns = columnsOf(options.kind);
  const { metadata } = options;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    ...(options.withDefinitions ? { columnDefinitions: columns.map(definitionOf) } : {}),
    rows: objects.map((object) => ({
      cells: columns.map((each) => each.cell(object, options.nowMs)),
      ...partOf(object, options),
    })),
  };
}

function definitionOf({ name, type, wide }: Column): Record<string, unknown> {
  const format = name === 'Name' ? 'name' : '';
  return { name, type, format, description: '', priority: wide ? 1 : 0 };
}

function partOf(object: KubeObject, { kind, includeObject }: TableOptions): object {
  if (includeObject === 'None') return {};
  if (includeObject === 'Object') {
    return { object: { ...object, kind: kind.kind, apiVersion: apiVersionOf(kind) } };
  }
  return { object: metadataOf(object) };
}

/** Of an object its metadata alone. */
export function metadataOf({ metadata }: KubeObject): Record<string, unknown> {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
