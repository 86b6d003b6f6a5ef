import { apiVersionOf, type Kind, kinds } from '../model/kinds.ts';
import type { Store } from '../storage/store.ts';
import { isServed } from './routes.ts';

const root = '/openapi/v3';

/**
 * Answers /openapi/v3 and what is below it; undefined for any other path. No schemas: only that the API takes
 * `fieldValidation`, which is what `kubectl apply` looks for before it leaves the validation to the server.
 */
export function describeApi(store: Store, path: string): unknown {
  const served = kinds.filter((kind) => isServed(store, kind));
  if (path === root) {
    const groups = [...new Set(served.map(pathOf))];
    const paths = groups.map((each) => [each, { serverRelativeURL: `${root}/${each}` }]);
    return { paths: Object.fromEntries(paths) };
  }
  const inGroup = served.filter((kind) => path === `${root}/${pathOf(kind)}`);
  if (inGroup.length === 0) return undefined;
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.33.13' },
    paths: Object.fromEntries(inGroup.map((kind) => [objectPath(kind), operationsOf(kind)])),
    components: { schemas: {} },
  };
}

function pathOf(kind: Kind): string {
  return `${kind.group === '' ? 'api' : 'apis'}/${apiVersionOf(kind)}`;
}

function objectPath(kind: Kind): string {
  const home = kind.namespaced ? 'namespaces/{namespace}/' : '';
  return `/${pathOf(kind)}/${home}${kind.plural}/{name}`;
}

function operationsOf({ group, version, kind }: Kind): object {
  const schema = { type: 'string', uniqueItems: true };
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
    name,
    in: 'query',
    schema,
  }));
  return {
    patch: {
      parameters,
      responses: {},
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': { group, version, kind },
    },
  };
}
