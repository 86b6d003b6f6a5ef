// Writes src/demo/cluster/model/api-fields.json: which fields the built-in kinds have, from the models of the Kubernetes client.
// Run it after the client was updated: node scripts/api-fields.mjs && npm run fix
import { writeFileSync } from 'node:fs';
import * as models from '@kubernetes/client-node';

const roots = `V1Pod V1Node V1Namespace V1Service CoreV1Event V1ConfigMap V1PersistentVolumeClaim V1PersistentVolume
  V1ResourceQuota V1LimitRange V1ServiceAccount V1Role V1RoleBinding V1ClusterRole V1ClusterRoleBinding V1Deployment
  V1ReplicaSet V1StatefulSet V1DaemonSet V1Job V1PodDisruptionBudget V1EndpointSlice V1Lease V1VolumeAttachment
  V1PriorityClass`.split(/\s+/);

const types = {};

/** The type of a field's values: of a list's items, with a `*` of a map's values; empty where it has no fields of its own. */
function innerOf(type) {
  const item = /^(?:Array|Set)<(.+)>$/.exec(type)?.[1];
  const value = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  const name = item ?? value ?? type;
  if (models[name]?.attributeTypeMap === undefined) return '';
  return value === undefined ? name : `*${name}`;
}

function visit(name) {
  if (types[name] !== undefined) return;
  const fields = models[name].attributeTypeMap.map(({ baseName, type }) => [baseName, innerOf(type)]);
  types[name] = Object.fromEntries(fields);
  for (const [, inner] of fields) if (inner !== '') visit(inner.replace('*', ''));
}

for (const root of roots) visit(root);
const lines = Object.entries(types).map(([name, fields]) => `${JSON.stringify(name)}: ${JSON.stringify(fields)}`);
const file = new URL('../src/demo/cluster/model/api-fields.json', import.meta.url);
writeFileSync(file, `{\n${lines.sort().join(',\n')}\n}\n`);
