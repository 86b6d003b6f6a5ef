import { reviewAccess } from '../access/access-review.ts';
import type { User } from '../access/users.ts';
import { ApiError } from '../registry/api-error.ts';
import { componentStatuses } from './component-statuses.ts';
import { discover, version } from './discovery.ts';
import { measure } from './metrics.ts';
import { describeApi } from './openapi.ts';
import { present } from './presentation.ts';
import type { ApiRequest, ApiResponse } from './request.ts';
import { create, handleNamed, list, type Resources, removeAll } from './resources.ts';
import { findTarget } from './routes.ts';
import { warningHeaders } from './warnings.ts';
import { checkWriteOptions } from './write-options.ts';

const notServed: ApiResponse = { status: 404, body: '404 page not found\n' };
const accessReviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/**
 * Answers every request but watches. The user may do what they ask.
 * @throws ApiError as the API server would answer
 */
export function answer(resources: Resources, request: ApiRequest, user: User): ApiResponse {
  const { method, path } = request;
  if (method === 'GET') {
    const found = answerFixed(resources, request);
    if (found !== undefined) return found;
  }
  if (path === accessReviews && method === 'POST') {
    return { status: 201, body: reviewAccess(resources.registry.store, user, request.body) };
  }
  return answerResource(resources, request);
}

function answerFixed(resources: Resources, request: ApiRequest): ApiResponse | undefined {
  const { path } = request;
  if (path === '/version') return { status: 200, body: version };
  if (['/healthz', '/livez', '/readyz'].includes(path)) return { status: 200, body: 'ok' };
  if (path === '/api/v1/componentstatuses') {
    const headers = warningHeaders(['v1 ComponentStatus is deprecated in v1.19+']);
    return { status: 200, body: componentStatuses, headers };
  }
  const { store } = resources.registry;
  const discovered = discover(store, path) ?? describeApi(store, path) ?? measure(store, request);
  return discovered === undefined ? undefined : { status: 200, body: discovered };
}

function answerResource(resources: Resources, request: ApiRequest): ApiResponse {
  const target = findTarget(resources.registry.store, request.path);
  if (target === undefined) return notServed;
  checkWriteOptions(request);
  const { name } = target;
  const answered =
    name === undefined
      ? collection[request.method]?.(resources, target, request)
      : handleNamed(resources, { ...target, name }, request);
  if (answered !== undefined) {
    const { kind } = target;
    const nowMs = resources.registry.store.clock.now();
    return { ...answered, body: present(answered.body, { kind, request, nowMs }) };
  }
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
