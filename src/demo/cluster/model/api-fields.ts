import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Kind } from './kinds.ts';
import { isRecord } from './objects.ts';

/** The fields of each type of the API, with the type of what is in them; written by scripts/api-fields.mjs. */
const types = z
  .record(z.string(), z.record(z.string(), z.string()))
  .parse(JSON.parse(readFileSync(new URL('api-fields.json', import.meta.url), 'utf8')));

function rootType({ kind, custom }: Kind): string {
  if (custom) return '';
  return kind === 'Event' ? 'CoreV1Event' : `V1${kind}`;
}

/** The object without the fields that its kind does not have, and where they were: `spec.containers[0].imge`. */
export function withKnownFields<T extends object>(
  kind: Kind,
  object: T,
): { readonly object: T; readonly unknown: readonly string[] } {
  const unknown: string[] = [];
  const known = keep(object, rootType(kind), { path: '', unknown });
  return { object: unknown.length === 0 ? object : (known as T), unknown };
}

interface Place {
  readonly path: string;
  readonly unknown: string[];
}

function keep(value: unknown, type: string, place: Place): unknown {
  const { path, unknown } = place;
  if (Array.isArray(value)) {
    return value.map((each, index) => keep(each, type, { path: `${path}[${index}]`, unknown }));
  }
  if (!isRecord(value)) return value;
  const inMap = type.startsWith('*') ? type.slice(1) : undefined;
  const fields = types[type];
  if (inMap === undefined && fields === undefined) return value;
  const kept: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    const inner = inMap ?? fields?.[name];
    if (inner === undefined) unknown.push(at);
    else kept[name] = keep(each, inner, { path: at, unknown });
  }
  return kept;
}
