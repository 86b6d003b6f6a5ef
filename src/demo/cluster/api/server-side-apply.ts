import { applied } from '../managers/apply.ts';
import { apiVersionOf } from '../model/kinds.ts';
import { isRecord, type KubeObject, type Manifest } from '../model/objects.ts';
import { ApiError, badRequest, notFound } from '../registry/api-error.ts';
import type { Registry } from '../registry/registry.ts';
import { checkApplied } from './field-validation.ts';
import { type ApiRequest, isDryRun } from './request.ts';
import type { Target } from './routes.ts';

type Named = Target & { readonly name: string };

interface Outcome {
  readonly object: KubeObject;
  readonly status: 200 | 201;
}

/**
 * Writes the object as its manager applies it; creates it where it is not there.
 * @throws ApiError 400 where the body is another object, 409 where others own what would change, 422 without a manager
 */
export function applyObject(registry: Registry, target: Named, request: ApiRequest): Outcome {
  const { kind, name, namespace, subresource } = target;
  const config = configOf(target, request.body);
  checkApplied(kind, config, { name, namespace });
  const application = {
    kind,
    config,
    manager: managerOf(request),
    subresource,
    force: ['true', '1'].includes(request.query.get('force') ?? ''),
    time: registry.store.timestamp(),
  };
  const dryRun = isDryRun(request);
  const stored = registry.store.get(kind, name, namespace);
  if (stored === undefined) {
    if (subresource !== undefined) throw notFound(kind, name);
    const next = applied({ ...application, live: beginning(config, name) });
    const managedFields = managedFieldsOf(next);
    const object = registry.create(kind, config, { namespace, dryRun, managedFields });
    return { object, status: 201 };
  }
  const next = applied({ ...application, live: stored });
  const managedFields = managedFieldsOf(next);
  const object = registry.update(kind, next, { stored, dryRun, subresource, managedFields });
  return { object, status: 200 };
}

/** What there is of an object before anything has been applied to it. */
function beginning({ apiVersion, kind }: Manifest, name: string): KubeObject {
  return { apiVersion, kind, metadata: { name, uid: '', creationTimestamp: '' } };
}

function managedFieldsOf(object: KubeObject): unknown[] {
  const fields = object.metadata['managedFields'];
  return Array.isArray(fields) ? fields : [];
}

function managerOf(request: ApiRequest): string {
  const manager = request.query.get('fieldManager') ?? '';
  if (manager !== '') return manager;
  const cause = {
    reason: 'FieldValueRequired',
    message: 'Required value: is required for apply patch',
    field: 'fieldManager',
  };
  throw new ApiError({
    code: 422,
    reason: 'Invalid',
    message: `PatchOptions.meta.k8s.io "" is invalid: fieldManager: ${cause.message}`,
    details: { group: 'meta.k8s.io', kind: 'PatchOptions', causes: [cause] },
  });
}

function configOf(target: Named, body: unknown): Manifest {
  const { kind, name, namespace } = target;
  const apiVersion = apiVersionOf(kind);
  if (!isRecord(body) || body['kind'] !== kind.kind || body['apiVersion'] !== apiVersion) {
    throw badRequest(
      `the applied object must be of apiVersion ${apiVersion} and kind ${kind.kind}`,
    );
  }
  const metadata = isRecord(body['metadata']) ? body['metadata'] : {};
  if (metadata['managedFields'] !== undefined) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const given = metadata['name'] ?? name;
  if (given !== name) {
    throw badRequest(
      `the name of the object (${given}) does not match the name on the URL (${name})`,
    );
  }
  const home = metadata['namespace'] ?? namespace;
  if (home !== namespace) {
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
  return { ...body, apiVersion, kind: kind.kind, metadata: { ...metadata, name } };
}
