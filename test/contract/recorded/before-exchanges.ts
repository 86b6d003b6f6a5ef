import type { ClusterUnderTest } from '../cluster/cluster-under-test.ts';
import { countedBudget } from '../cluster/pods.ts';
import { until } from '../cluster/until.ts';
import { numberOf, type Recording } from './recording.ts';
import type { ReplayedNames } from './replayed-names.ts';
import { setUpWorkloads } from './replayed-world.ts';
import { defineVpas } from './vpa-definition.ts';

interface Stage {
  readonly cluster: ClusterUnderTest;
  readonly names: ReplayedNames;
  /** The node that is cordoned. */
  readonly node: string;
}

/** What has to be so before an exchange can take place as recorded, by its number. */
const before: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
  '03': ({ cluster }) =>
    until(
      'the namespace has its service account',
      () => cluster.find('serviceaccounts', 'default'),
      (account) => account !== undefined,
    ),
  '05': ({ cluster }) => setUpWorkloads(cluster),
  '12': ({ cluster, node }) =>
    until(
      'the cordoned node has its taint',
      () => cluster.api.expect(`GET /api/v1/nodes/${node}`),
      ({ spec }) => spec.taints !== undefined,
    ),
  '19': ({ cluster }) =>
    countedBudget(cluster, 'web', { disruptionsAllowed: 0, currentHealthy: 3 }),
  '23': async ({ cluster, names }) => {
    const name = await names.first('web');
    await until(
      'the evicted pod is gone',
      () => cluster.find('pods', name),
      (pod) => pod === undefined,
    );
  },
  '24': ({ cluster }) => countedBudget(cluster, 'web', { disruptionsAllowed: 1 }),
  '26': ({ cluster }) => countedBudget(cluster, 'web', { currentHealthy: 3 }),
  // Not among the recordings, nor are the next two: the namespace had been labelled by then.
  '34': ({ cluster }) => enforceRestricted(cluster),
  '36': ({ cluster }) =>
    until(
      'the Job is complete',
      () => cluster.read('jobs', 'prepull-1'),
      ({ status }) => status?.completionTime !== undefined,
    ),
  '39': ({ cluster }) =>
    until(
      "the Job's pod has been refused",
      () => cluster.list('events', 'fieldSelector=reason%3DFailedCreate'),
      ({ length }) => length >= 2,
    ),
  '41': ({ cluster }) =>
    until(
      'the quota has been counted',
      () => cluster.read('resourcequotas', 'team'),
      ({ status }) => status.used?.pods === '9',
    ),
  '44': ({ cluster }) => {
    const limits = [{ type: 'Container', max: { memory: '1Gi' } }];
    const metadata = { name: 'bounds' };
    return cluster.create('limitranges', { metadata, spec: { limits } });
  },
  '45': ({ cluster }) => defineVpas(cluster),
};

async function enforceRestricted(cluster: ClusterUnderTest): Promise<void> {
  const labels = Object.fromEntries(
    ['enforce', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
  );
  await cluster.api.expect(`PATCH /api/v1/namespaces/${cluster.namespace}`, {
    body: { metadata: { labels } },
    contentType: 'application/merge-patch+json',
  });
}

export async function prepare(recording: Recording, stage: Stage): Promise<void> {
  await before[numberOf(recording)]?.(stage);
}
