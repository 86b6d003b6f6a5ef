import { z } from 'zod';
import type { Json } from '../json.ts';
import { say } from '../language/text.ts';
import type { ApiCall } from './api-call.ts';
import type { ObjectName, Patch, ResourceType, WriteOptions } from './kubernetes.ts';
import { collectionPath, objectPath, objectText, queryText } from './resource-path.ts';

/** Says in an object's managedFields that a change was ours. */
const FIELD_MANAGER = 'handrail';

const Named = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
});

export function createCall(
  type: ResourceType<unknown>,
  body: Json,
  options: WriteOptions = {},
): ApiCall {
  const { metadata } = Named.parse(body);
  const path = options.subresource
    ? objectPath(type, metadata, options.subresource)
    : collectionPath(type, metadata.namespace);
  return {
    says: say('create {object}', { object: objectText(type, metadata) }),
    effect: effectOf(options),
    method: 'POST',
    path: path + queryText({ dryRun: dryRunOf(options), fieldManager: FIELD_MANAGER }),
    body,
  };
}

export function patchCall(
  type: ResourceType<unknown>,
  object: ObjectName,
  { patch, options = {} }: { readonly patch: Patch; readonly options?: WriteOptions },
): ApiCall {
  const query = queryText({
    dryRun: dryRunOf(options),
    fieldManager: patch.type === 'apply' ? patch.fieldManager : FIELD_MANAGER,
    // The API server refuses it for every other type of patch.
    force: patch.type === 'apply' && patch.force ? 'true' : undefined,
  });
  return {
    says: say('patch {object}', { object: objectText(type, object) }),
    effect: effectOf(options),
    method: 'PATCH',
    path: objectPath(type, object, options.subresource) + query,
    body: patch.type === 'json' ? patch.body.map((operation) => ({ ...operation })) : patch.body,
    contentType: CONTENT_TYPES[patch.type],
  };
}

const CONTENT_TYPES: Readonly<Record<Patch['type'], string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  // JSON is YAML.
  apply: 'application/apply-patch+yaml',
};

export function deleteCall(
  type: ResourceType<unknown>,
  object: ObjectName & { readonly uid: string },
): ApiCall {
  return {
    says: say('delete {object}', { object: objectText(type, object) }),
    effect: 'write',
    method: 'DELETE',
    path: objectPath(type, object),
    body: {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions: { uid: object.uid },
      propagationPolicy: 'Background',
    },
  };
}

const POD = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true };

export function evictCall(
  { namespace, name, uid }: { namespace: string; name: string; uid: string },
  options: WriteOptions,
): ApiCall {
  return {
    says: say('evict {object}', { object: objectText(POD, { namespace, name }) }),
    effect: effectOf(options),
    method: 'POST',
    path: objectPath(POD, { namespace, name }, 'eviction'),
    body: {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      deleteOptions: { preconditions: { uid }, ...(options.dryRun ? { dryRun: ['All'] } : {}) },
    },
  };
}

function effectOf({ dryRun }: WriteOptions): 'write' | 'dry-run' {
  return dryRun ? 'dry-run' : 'write';
}

function dryRunOf({ dryRun }: WriteOptions): string | undefined {
  return dryRun ? 'All' : undefined;
}
