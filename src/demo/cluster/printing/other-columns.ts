import type { KubeObject } from '../model/objects.ts';
import {
  age,
  at,
  type Column,
  column,
  count,
  createdAt,
  listAt,
  nameColumn,
  text,
  textAt,
} from './column.ts';

const role = column(
  'Role',
  (binding) => `${textAt(binding, 'roleRef.kind')}/${textAt(binding, 'roleRef.name')}`,
);

function conditionColumn(name: string, type: string): Column {
  return column(name, (object) => {
    const found = listAt(object, 'status.conditions').find((each) => at(each, 'type') === type);
    return textAt(found, 'status', '');
  });
}

function endpoints(slice: KubeObject): string {
  const addresses = listAt(slice, 'endpoints').flatMap((each) => listAt(each, 'addresses'));
  if (addresses.length === 0) return '<unset>';
  const more = addresses.length > 3 ? ` + ${addresses.length - 3} more...` : '';
  return addresses.slice(0, 3).join(',') + more;
}

function recommended(resource: string): Column {
  const name = resource === 'cpu' ? 'CPU' : 'Mem';
  return column(name, (vpa) => {
    const [first] = listAt(vpa, 'status.recommendation.containerRecommendations');
    return textAt(first, `target.${resource}`, '');
  });
}

const cluster = text('Cluster', 'spec.clusterName', '');
const replicas = [
  count('Replicas', 'status.replicas'),
  count('Ready', 'status.readyReplicas'),
  count('Available', 'status.availableReplicas'),
];

/** The columns of the other kinds, the custom ones among them, by kind. */
export const otherColumns: Readonly<Record<string, readonly Column[]>> = {
  Lease: [nameColumn, text('Holder', 'spec.holderIdentity', ''), age],
  EndpointSlice: [
    nameColumn,
    text('AddressType', 'addressType'),
    column(
      'Ports',
      (slice) =>
        listAt(slice, 'ports')
          .map((each) => textAt(each, 'port'))
          .join(',') || '<unset>',
    ),
    column('Endpoints', endpoints),
    age,
  ],
  Role: [nameColumn, createdAt],
  ClusterRole: [nameColumn, createdAt],
  RoleBinding: [nameColumn, role, age],
  ClusterRoleBinding: [nameColumn, role, age],
  CustomResourceDefinition: [nameColumn, createdAt],
  VerticalPodAutoscaler: [
    nameColumn,
    text('Mode', 'spec.updatePolicy.updateMode', ''),
    recommended('cpu'),
    recommended('memory'),
    conditionColumn('Provided', 'RecommendationProvided'),
    age,
  ],
  Machine: [
    nameColumn,
    cluster,
    text('Node Name', 'status.nodeRef.name', ''),
    conditionColumn('Ready', 'Ready'),
    text('Phase', 'status.phase', ''),
    age,
    text('Version', 'spec.version', ''),
  ],
  MachineSet: [nameColumn, cluster, count('Desired', 'spec.replicas'), ...replicas, age],
  MachineDeployment: [nameColumn, cluster, count('Desired', 'spec.replicas'), ...replicas, age],
  NodePool: [
    nameColumn,
    text('NodeClass', 'spec.template.spec.nodeClassRef.name', ''),
    text('Nodes', 'status.nodes', ''),
    conditionColumn('Ready', 'Ready'),
    age,
  ],
  NodeClaim: [
    nameColumn,
    column('Type', ({ metadata }) => metadata.labels?.['node.kubernetes.io/instance-type'] ?? ''),
    column('Zone', ({ metadata }) => metadata.labels?.['topology.kubernetes.io/zone'] ?? ''),
    text('Node', 'status.nodeName', ''),
    conditionColumn('Ready', 'Ready'),
    age,
  ],
};
