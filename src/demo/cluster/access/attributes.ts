import type { ApiRequest } from '../api/request.ts';
import { ApiError } from '../registry/api-error.ts';
import type { User } from './users.ts';

/** What a request wants to do, as rules speak of it: with a resource, or with a path that is none. */
export interface Attributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** Set where the request names no resource; the rest is empty then. */
  readonly path?: string;
}

const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** Read from the path alone: what is not served is forbidden before it is not found. */
export function attributesOf(request: ApiRequest): Attributes {
  const { method, path, query } = request;
  const parts = path.split('/').filter((part) => part !== '');
  const [root] = parts;
  const group = root === 'apis' ? (parts[1] ?? '') : '';
  const within = root === 'apis' ? parts.slice(3) : parts.slice(2);
  if ((root !== 'api' && root !== 'apis') || within.length === 0) {
    return { verb: method.toLowerCase(), group: '', resource: '', path };
  }
  const named = locate(within.map(decodeURIComponent));
  const watches = ['1', 'true'].includes(query.get('watch') ?? '');
  return { ...named, group, verb: verbOf(method, named.name !== undefined, watches) };
}

function verbOf(method: string, named: boolean, watches: boolean): string {
  if (method === 'GET' && watches) return 'watch';
  if (method === 'GET' && !named) return 'list';
  if (method === 'DELETE' && !named) return 'deletecollection';
  return verbs[method] ?? method.toLowerCase();
}

function locate(parts: readonly string[]): Omit<Attributes, 'verb' | 'group'> {
  const [first = '', second, third] = parts;
  if (first !== 'namespaces') return { resource: first, name: second, subresource: third };
  const isInside = third !== undefined && third !== 'status' && third !== 'finalize';
  if (!isInside) return { resource: first, namespace: second, name: second, subresource: third };
  return { namespace: second, resource: third, name: parts[3], subresource: parts[4] };
}

/** 403, in the words of the API server. */
export function denied(user: User, wanted: Attributes): ApiError {
  const { verb, group, resource, subresource, namespace, name, path } = wanted;
  const who = `User "${user.name}" cannot ${verb}`;
  if (path !== undefined) {
    const message = `forbidden: ${who} path "${path}"`;
    return new ApiError({ code: 403, reason: 'Forbidden', message, details: {} });
  }
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where =
    namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const object = `${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` "${name}"`}`;
  return new ApiError({
    code: 403,
    reason: 'Forbidden',
    message: `${object} is forbidden: ${who} resource "${what}" in API group "${group}" ${where}`,
    details: {
      ...(name === undefined ? {} : { name }),
      ...(group === '' ? {} : { group }),
      kind: resource,
    },
  });
}
