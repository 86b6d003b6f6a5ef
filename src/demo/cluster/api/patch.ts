import { applyPatch, type Operation } from 'rfc6902';
import { z } from 'zod';
import type { Kind } from '../model/kinds.ts';
import { isRecord, type KubeObject } from '../model/objects.ts';
import { badRequest, patchRejected, unsupportedMediaType } from '../registry/api-error.ts';
import type { ApiRequest } from './request.ts';
import { mergeStrategically } from './strategic-merge.ts';

const jsonPatch = 'application/json-patch+json';
const mergePatch = 'application/merge-patch+json';
const strategicPatch = 'application/strategic-merge-patch+json';
export const applyPatchYaml = 'application/apply-patch+yaml';

const path = z.string().regex(/^(\/.*)?$/);
const PatchOperation = z.discriminatedUnion('op', [
  z.object({ op: z.enum(['add', 'replace', 'test']), path, value: z.unknown() }),
  z.object({ op: z.literal('remove'), path }),
  z.object({ op: z.enum(['move', 'copy']), path, from: path }),
]);

/**
 * The object as the patch would have it.
 * @throws ApiError 415 for a content type the kind does not take, 400 for a body that is no such patch, 422 where a JSON
 *   patch does not apply (also where its `test` fails)
 */
export function patched(kind: Kind, stored: KubeObject, request: ApiRequest): KubeObject {
  switch (request.contentType) {
    case jsonPatch:
      return jsonPatched(stored, request.body);
    case mergePatch:
      return asObject(merged(stored, patchObject(request.body)));
    case strategicPatch:
      if (kind.custom) throw unsupportedMediaType([jsonPatch, mergePatch, applyPatchYaml]);
      return asObject(mergeStrategically(stored, patchObject(request.body)));
    default:
      throw unsupportedMediaType(
        kind.custom
          ? [jsonPatch, mergePatch, applyPatchYaml]
          : [jsonPatch, mergePatch, strategicPatch, applyPatchYaml],
      );
  }
}

function jsonPatched(stored: KubeObject, body: unknown): KubeObject {
  if (!Array.isArray(body)) {
    const type = isRecord(body) ? 'object' : typeof body;
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${type} into Go value of type []handlers.jsonPatchOp`,
    );
  }
  const draft = structuredClone(stored);
  const operations = z.array(PatchOperation).safeParse(body);
  if (!operations.success) throw patchRejected();
  for (const operation of operations.data) {
    // One at a time: a patch that fails half-way must not have been applied further.
    const [failure] = applyPatch(draft, [operation as Operation]);
    if (failure !== null) throw patchRejected();
  }
  return asObject(draft);
}

function patchObject(body: unknown): Record<string, unknown> {
  if (isRecord(body)) return body;
  throw badRequest(
    'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
  );
}

/** RFC 7396. */
function merged(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return structuredClone(patch);
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

function asObject(value: unknown): KubeObject {
  if (isRecord(value) && isRecord(value['metadata'])) return value as KubeObject;
  throw patchRejected();
}
