import { isRecord } from '../model/objects.ts';
import { ApiError, badRequest } from '../registry/api-error.ts';
import { discover, version } from './discovery.ts';
import type { ApiRequest, ApiResponse } from './request.ts';
import { create, handleNamed, list, type Resources, removeAll } from './resources.ts';
import { findTarget } from './routes.ts';

const notServed: ApiResponse = { status: 404, body: '404 page not found\n' };
const accessReviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/**
 * Answers every request but watches.
 * @throws ApiError as the API server would answer
 */
export function answer(resources: Resources, request: ApiRequest): ApiResponse {
  const { method, path } = request;
  if (method === 'GET') {
    const found = answerFixed(resources, path);
    if (found !== undefined) return found;
  }
  if (path === accessReviews && method === 'POST') return reviewAccess(request.body);
  return answerResource(resources, request);
}

function answerFixed(resources: Resources, path: string): ApiResponse | undefined {
  if (path === '/version') return { status: 200, body: version };
  if (['/healthz', '/livez', '/readyz'].includes(path)) return { status: 200, body: 'ok' };
  const discovered = discover(resources.registry.store, path);
  return discovered === undefined ? undefined : { status: 200, body: discovered };
}

function answerResource(resources: Resources, request: ApiRequest): ApiResponse {
  const target = findTarget(resources.registry.store, request.path);
  if (target === undefined) return notServed;
  const { name } = target;
  const answered =
    name === undefined
      ? collection[request.method]?.(resources, target, request)
      : handleNamed(resources, { ...target, name }, request);
  if (answered !== undefined) return answered;
  throw new ApiError({
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
    details: {},
  });
}

const collection: Readonly<Record<string, typeof list>> = {
  GET: list,
  POST: create,
  DELETE: removeAll,
};

/** The simulation has one user, who may do everything. */
function reviewAccess(body: unknown): ApiResponse {
  if (!isRecord(body) || !isRecord(body['spec'])) {
    throw badRequest('a SelfSubjectAccessReview needs a spec');
  }
  const review = {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: body['spec'],
    status: { allowed: true },
  };
  return { status: 201, body: review };
}
