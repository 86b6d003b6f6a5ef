import { isRecord, type KubeObject } from '../model/objects.ts';
import { humanDuration } from './human-duration.ts';

type Cell = string | number;

/** One column of what `kubectl get` prints. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  /** Only printed with `-o wide`. */
  readonly wide: boolean;
  cell(object: KubeObject, nowMs: number): Cell;
}

export function column(
  name: string,
  cell: (object: KubeObject, nowMs: number) => Cell,
  type: Column['type'] = 'string',
): Column {
  return { name, type, wide: false, cell };
}

export function wide(columns: readonly Column[]): Column[] {
  return columns.map((each) => ({ ...each, wide: true }));
}

/** What a path such as `status.phase` leads to. */
export function at(object: unknown, path: string): unknown {
  let value = object;
  for (const part of path.split('.')) value = isRecord(value) ? value[part] : undefined;
  return value;
}

export function listAt(object: unknown, path: string): readonly unknown[] {
  const value = at(object, path);
  return Array.isArray(value) ? value : [];
}

export function textAt(object: unknown, path: string, otherwise = '<none>'): string {
  const value = at(object, path);
  return value === undefined || value === null || value === '' ? otherwise : String(value);
}

export function numberAt(object: unknown, path: string): number {
  const value = at(object, path);
  return typeof value === 'number' ? value : 0;
}

export function text(name: string, path: string, otherwise?: string): Column {
  return column(name, (object) => textAt(object, path, otherwise));
}

export function count(name: string, path: string): Column {
  return column(name, (object) => numberAt(object, path), 'integer');
}

export const nameColumn = text('Name', 'metadata.name');

/** How long ago a time in an object is; `<unknown>` where there is none. */
export function since(time: unknown, nowMs: number): string {
  const ms = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(ms) ? '<unknown>' : humanDuration(nowMs - ms);
}

export const age = column('Age', ({ metadata }, nowMs) => since(metadata.creationTimestamp, nowMs));

export const createdAt = text('Created At', 'metadata.creationTimestamp');

/** `app=web,tier in (a,b)`; `<none>` for none. */
export function printSelector(selector: unknown): string {
  const labels = Object.entries(Object(at(selector, 'matchLabels') ?? {}));
  const parts = labels.map(([key, value]) => `${key}=${value}`);
  for (const each of listAt(selector, 'matchExpressions')) {
    const values = listAt(each, 'values').join(',');
    const operator = textAt(each, 'operator').toLowerCase();
    parts.push(`${textAt(each, 'key')} ${operator}${values === '' ? '' : ` (${values})`}`);
  }
  return parts.length === 0 ? '<none>' : parts.join(',');
}
