import type { World } from '../../src/demo/cluster/world.ts';

export const READ = { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] };

/** From now on the user of a test's kubeconfig may do this alone. */
export function mayOnly(world: World, ...rules: readonly object[]): void {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const apiGroup = 'rbac.authorization.k8s.io';
  world.apply({ apiVersion, kind: 'ClusterRole', metadata: { name: 'handrail' }, rules });
  world.apply({
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'handrail' },
    subjects: [{ apiGroup, kind: 'User', name: 'kr-admin' }],
    roleRef: { apiGroup, kind: 'ClusterRole', name: 'handrail' },
  });
}
