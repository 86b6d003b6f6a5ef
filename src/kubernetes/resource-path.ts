import { say } from '../language/text.ts';
import { KubernetesError, type ObjectName, type ResourceType } from './kubernetes.ts';

type Place = Pick<ResourceType<unknown>, 'apiVersion' | 'kind' | 'plural' | 'namespaced'>;

/** The path of all objects of a type, in one namespace or in all. */
export function collectionPath(type: Place, namespace?: string): string {
  const api = type.apiVersion.includes('/')
    ? `/apis/${type.apiVersion}`
    : `/api/${type.apiVersion}`;
  const within =
    type.namespaced && namespace !== undefined
      ? `/namespaces/${encodeURIComponent(namespace)}`
      : '';
  return `${api}${within}/${type.plural}`;
}

/** The path of one object, or of a subresource of it. */
export function objectPath(type: Place, object: ObjectName, subresource?: string): string {
  if (type.namespaced && !object.namespace) {
    throw new KubernetesError({
      text: say('{object} cannot be named without its namespace: give both', {
        object: objectText(type, object),
      }),
      status: 0,
      reason: 'NoNamespace',
    });
  }
  const path = `${collectionPath(type, object.namespace)}/${encodeURIComponent(object.name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** As people write it: `Pod payments/api-1`, `Node kr-b-2`. */
export function objectText(type: Pick<Place, 'kind'>, object: ObjectName): string {
  const name = object.namespace ? `${object.namespace}/${object.name}` : object.name;
  return `${type.kind} ${name}`;
}

/** Absent parameters are left out; nothing at all without any. */
export function queryText(parameters: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, value);
  }
  return query.size > 0 ? `?${query}` : '';
}
