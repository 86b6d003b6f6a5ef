import type { ServiceAccountTokens } from '../access/service-account-tokens.ts';
import { podSecurityWarnings } from '../admission/pod-security.ts';
import { apiVersionOf, type Kind, Pod, ServiceAccount } from '../model/kinds.ts';
import { isRecord, type KubeObject, type Manifest } from '../model/objects.ts';
import { badRequest, detailsOf, invalid } from '../registry/api-error.ts';
import { checkMortal, type DeleteOptions, deleteObject } from '../registry/deletion.ts';
import { checkEvictionName, evict } from '../registry/eviction.ts';
import type { Registry } from '../registry/registry.ts';
import { checkFields } from './field-validation.ts';
import type { Lister } from './list.ts';
import { applyPatchYaml, patched } from './patch.ts';
import { type ApiRequest, type ApiResponse, isDryRun, writerOf } from './request.ts';
import type { Target } from './routes.ts';
import { scaleOf, withScale } from './scale.ts';
import { parseSelection, selectObjects } from './selection.ts';
import { applyObject } from './server-side-apply.ts';
import { warningHeaders } from './warnings.ts';

/** What answers a request that names resources. */
export interface Resources {
  readonly registry: Registry;
  readonly lister: Lister;
  readonly tokens: ServiceAccountTokens;
}

type Named = Target & { readonly name: string };
type Handler = (resources: Resources, target: Named, request: ApiRequest) => ApiResponse;

function ok(body: unknown, status = 200): ApiResponse {
  return { status, body };
}

/** The object as written, with what is to be warned of. */
function written(
  { store }: Registry,
  object: KubeObject,
  { status = 200, warnings = [] }: { status?: number; warnings?: readonly string[] } = {},
): ApiResponse {
  const all = [...warnings, ...podSecurityWarnings(store, object)];
  return { ...ok(object, status), headers: warningHeaders(all) };
}

/** @throws ApiError 400 where the body is no object of this kind */
function manifestOf(kind: Kind, body: unknown): Manifest {
  if (!isRecord(body)) throw badRequest('the request has no object in its body');
  const named = body['kind'];
  if (typeof named === 'string' && named !== '' && named !== kind.kind && named !== 'Scale') {
    throw badRequest(
      `the object provided is unrecognized: ${named} does not match the expected kind ${kind.kind}`,
    );
  }
  const version = body['apiVersion'];
  const expected = named === 'Scale' ? version : apiVersionOf(kind);
  if (typeof version === 'string' && version !== '' && version !== expected) {
    throw badRequest(
      `the API version in the data (${version}) does not match the expected API version (${expected})`,
    );
  }
  const metadata = isRecord(body['metadata']) ? body['metadata'] : {};
  return { ...body, apiVersion: '', kind: kind.kind, metadata };
}

export function list(resources: Resources, target: Target, request: ApiRequest): ApiResponse {
  return ok(resources.lister.list(parseSelection(target, request.query), request.query));
}

/** @throws ApiError 400 where the object's namespace is not the path's, 422 without a name */
export function create(resources: Resources, target: Target, request: ApiRequest): ApiResponse {
  const { kind, namespace } = target;
  const checked = checkFields(kind, manifestOf(kind, request.body), request);
  const manifest = checked.object;
  const given = manifest.metadata.namespace;
  if (given !== undefined && given !== namespace) {
    throw badRequest(
      `the namespace of the provided object does not match the namespace sent on the request`,
    );
  }
  if (manifest.metadata.name === undefined && manifest.metadata.generateName === undefined) {
    const message = 'Required value: name or generateName is required';
    throw invalid(kind, '', [{ reason: 'FieldValueRequired', message, field: 'metadata.name' }]);
  }
  const options = { namespace, dryRun: isDryRun(request), writer: writerOf(request) };
  const created = resources.registry.create(kind, manifest, options);
  return written(resources.registry, created, { status: 201, warnings: checked.warnings });
}

export function removeAll(resources: Resources, target: Target, request: ApiRequest): ApiResponse {
  const { store } = resources.registry;
  const selection = parseSelection(target, request.query);
  const answer = resources.lister.list(selection, new URLSearchParams());
  for (const object of selectObjects(store, selection)) {
    deleteObject(store, { kind: target.kind, object }, deleteOptions(request));
  }
  return ok(answer);
}

const read: Handler = ({ registry }, target) => {
  const object = registry.read(target.kind, target.name, target.namespace);
  return ok(target.subresource === 'scale' ? scaleOf(object) : object);
};

const replace: Handler = ({ registry }, target, request) => {
  const stored = registry.read(target.kind, target.name, target.namespace);
  const manifest = manifestOf(target.kind, request.body);
  const next = { ...manifest, metadata: { ...manifest.metadata, name: target.name } };
  return write(registry, { target, stored, request }, next as KubeObject);
};

const patch: Handler = ({ registry }, target, request) => {
  if (request.contentType === applyPatchYaml && target.subresource !== 'scale') {
    const { object, status } = applyObject(registry, target, request);
    return written(registry, object, { status });
  }
  const stored = registry.read(target.kind, target.name, target.namespace);
  const view = target.subresource === 'scale' ? scaleOf(stored) : stored;
  const next = patched(target.kind, view, request);
  // The stored resourceVersion is in the patched object unless the patch itself set one.
  return write(registry, { target, stored, request }, next);
};

function write(
  registry: Registry,
  context: { target: Named; stored: KubeObject; request: ApiRequest },
  next: KubeObject,
): ApiResponse {
  const { target, stored, request } = context;
  const scaling = target.subresource === 'scale';
  const wanted = scaling ? withScale(stored, next) : next;
  const { object: known, warnings } = checkFields(target.kind, wanted, request);
  const object = registry.update(target.kind, known, {
    stored,
    dryRun: isDryRun(request),
    subresource: scaling ? undefined : target.subresource,
    writer: writerOf(request, target.subresource),
  });
  if (scaling) return ok(scaleOf(object));
  if (target.subresource === undefined) return written(registry, object, { warnings });
  return { ...ok(object), headers: warningHeaders(warnings) };
}

const remove: Handler = ({ registry }, target, request) => {
  const { kind } = target;
  checkMortal(kind, target.name);
  const object = registry.read(kind, target.name, target.namespace);
  const options = deleteOptions(request);
  const deletion = deleteObject(registry.store, { kind, object }, options);
  if (!deletion.removed || kind.kind === Pod.kind) return ok(deletion.object);
  return ok({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { ...detailsOf(kind, target.name), uid: object.metadata.uid },
  });
};

const evictPod: Handler = ({ registry }, target, request) => {
  checkEvictionName(request.body, target.name);
  const body = isRecord(request.body) ? request.body['deleteOptions'] : undefined;
  const options = { ...deleteOptions({ ...request, body }), dryRun: isDryRun(request) };
  evict(registry, { namespace: target.namespace ?? '', name: target.name, options });
  return ok({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }, 201);
};

const issueToken: Handler = ({ registry, tokens }, target, request) => {
  const account = registry.read(ServiceAccount, target.name, target.namespace);
  return ok(tokens.issue(account, request.body), 201);
};

/** What is only ever created, by the kind and name of the subresource. */
const createdOnly: Readonly<Record<string, Handler>> = {
  'Pod/eviction': evictPod,
  'ServiceAccount/token': issueToken,
};

const handlers: Readonly<Record<string, Handler>> = {
  GET: read,
  PUT: replace,
  PATCH: patch,
  DELETE: remove,
};

/** Undefined where the method or the subresource does not exist. */
export function handleNamed(
  resources: Resources,
  target: Named,
  request: ApiRequest,
): ApiResponse | undefined {
  const creating = createdOnly[`${target.kind.kind}/${target.subresource}`];
  if (creating !== undefined) {
    return request.method === 'POST' ? creating(resources, target, request) : undefined;
  }
  if (target.subresource !== undefined && !hasSubresource(target.kind, target.subresource)) {
    return undefined;
  }
  return handlers[request.method]?.(resources, target, request);
}

function hasSubresource(kind: Kind, subresource: string): boolean {
  if (subresource === 'resize') return kind.kind === Pod.kind;
  return (subresource === 'status' && kind.status) || (subresource === 'scale' && kind.scale);
}

/** From the body, and from the query where kubectl puts them. */
function deleteOptions(request: ApiRequest): DeleteOptions {
  const body = isRecord(request.body) ? request.body : {};
  const preconditions = isRecord(body['preconditions']) ? body['preconditions'] : {};
  const grace = body['gracePeriodSeconds'] ?? request.query.get('gracePeriodSeconds');
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return {
    uid: text(preconditions['uid']),
    resourceVersion: text(preconditions['resourceVersion']),
    gracePeriodSeconds: grace === undefined || grace === null ? undefined : Number(grace),
    propagationPolicy: text(body['propagationPolicy'] ?? request.query.get('propagationPolicy')),
    dryRun: isDryRun(request),
  };
}
