import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../../src/demo/cluster/model/objects.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../../src/demo/cluster/simulated-cluster.ts';
import { node, readyPods, workload } from '../client.ts';
import { labelled, notHelpful, noVictims, place, refusal, somePod, zoned } from './placing.ts';

const nodes = zoned({ 'n-1': 'a', 'n-2': 'b', 'n-3': 'c' });
const uneven = "node(s) didn't match pod topology spread constraints";

function spread(more: object = {}) {
  return {
    maxSkew: 1,
    topologyKey: 'zone',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels: { app: 'web' } },
    ...more,
  };
}

function web(node: string, more: object = {}): Manifest {
  return somePod({ node, labels: { app: 'web' }, ...more });
}

/** So many pods of the app on n-1, n-2 and so on. */
function webs(...counts: number[]): Manifest[] {
  return counts.flatMap((count, index) =>
    Array.from({ length: count }, () => web(`n-${index + 1}`)),
  );
}

function waiting(constraints: readonly object[], more: object = {}): Manifest {
  const spec = { topologySpreadConstraints: constraints, ...more };
  return somePod({ labels: { app: 'web', version: '2' }, spec });
}

const inZones = (...zones: string[]) => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: zones }] }],
      },
    },
  },
});

describe('a pod that must be spread', () => {
  const second = somePod({ node: 'n-1', labels: { app: 'web', version: '2' } });

  it.each([
    ['goes where there are fewest', [webs(1, 1, 0), spread()], 'n-3'],
    ['may make no more difference than it says', [webs(1, 0, 1), spread()], 'n-2'],
    ['may make as much difference as it says', [webs(1, 0, 1), spread({ maxSkew: 2 })], 'n-1'],
    [
      'counts only those that its selector selects',
      [[somePod({ node: 'n-1', labels: { app: 'db' } })], spread()],
      'n-1',
    ],
    ['counts only those of its namespace', [[web('n-1', { namespace: 'other' })], spread()], 'n-1'],
    [
      'counts only those with the same value of the labels that it names',
      [[...webs(0, 1, 1), second], spread({ matchLabelKeys: ['version'] })],
      'n-2',
    ],
    ['counts all versions unless it says so', [[...webs(0, 1, 1), second], spread()], 'n-1'],
  ] as const)('%s', async (_, [running, constraint], expected) => {
    // The largest is the best, unless a rule says otherwise.
    const large = { cpu: '64', memory: '128Gi', pods: '110' };
    const [first, ...others] = nodes;
    const seed = [{ ...(first as Manifest), status: { allocatable: large } }, ...others];
    expect(await place([...seed, ...running], waiting([constraint]))).toBe(expected);
  });

  it('waits where the zone with fewest has no room', async () => {
    const seed = [...nodes.slice(0, 2), node('n-3', { cpu: '1m' })].map((each, index) =>
      index === 2 ? { ...each, metadata: labelled('n-3', { zone: 'c' }).metadata } : each,
    );
    expect(await place([...seed, ...webs(1, 1, 0)], waiting([spread()]))).toBe(
      refusal(3, `1 Insufficient cpu, 2 ${uneven}`, `1 ${notHelpful}, 2 ${noVictims}`),
    );
  });

  it('goes to no node that is in no zone', async () => {
    expect(await place([labelled('n-1', {})], waiting([spread()]))).toBe(
      refusal(1, `1 ${uneven} (missing required label)`, `1 ${notHelpful}`),
    );
  });

  it('does not count a pod that is going', async () => {
    const [going] = webs(1);
    const metadata = {
      ...going?.metadata,
      deletionTimestamp: '2030-01-01T00:00:00Z',
      finalizers: ['example.com/hold'],
    };
    const unschedulable = labelled('n-2', { zone: 'b' }, { spec: { unschedulable: true } });
    const seed = [...nodes.slice(0, 1), unschedulable, { ...(going as Manifest), metadata }];
    expect(await place(seed, waiting([spread()]))).toBe('n-1');
  });

  it('leaves out of the count the zones that it cannot go to', async () => {
    const seed = [...nodes, ...webs(1, 1, 0)];
    expect(await place(seed, waiting([spread()], inZones('b')))).toBe('n-2');
    const counted = spread({ nodeAffinityPolicy: 'Ignore' });
    expect(await place(seed, waiting([counted], inZones('b')))).toBe(
      refusal(
        3,
        `1 ${uneven}, 2 node(s) didn't match Pod's node affinity/selector`,
        `1 ${noVictims}, 2 ${notHelpful}`,
      ),
    );
  });

  it('counts the zones of tainted nodes unless it says otherwise', async () => {
    const taints = [{ key: 'gpu', effect: 'NoSchedule' }];
    const tainted = labelled('n-3', { zone: 'c' }, { spec: { taints } });
    const seed = [...nodes.slice(0, 2), tainted, ...webs(1, 1)];
    expect(await place(seed, waiting([spread()]))).toBe(
      refusal(
        3,
        `1 node(s) had untolerated taint {gpu: }, 2 ${uneven}`,
        `1 ${notHelpful}, 2 ${noVictims}`,
      ),
    );
    expect(await place(seed, waiting([spread({ nodeTaintsPolicy: 'Honor' })]))).toBe('n-1');
  });

  it('takes the fewest for none while there are fewer zones than it wants', async () => {
    const seed = [...nodes.slice(0, 2), ...webs(1, 1)];
    expect(await place(seed, waiting([spread({ minDomains: 2 })]))).toBe('n-1');
    expect(await place(seed, waiting([spread({ minDomains: 3 })]))).toBe(
      refusal(2, `2 ${uneven}`, `2 ${noVictims}`),
    );
  });

  it('meets all its constraints', async () => {
    const seed = [...zoned({ 'n-1': 'a', 'n-2': 'a', 'n-3': 'b' }), ...webs(1, 0, 1)];
    const perNode = spread({ topologyKey: 'kubernetes.io/hostname' });
    expect(await place(seed, waiting([spread(), perNode]))).toBe('n-2');
  });
});

describe('a pod that would rather be spread', () => {
  const anyway = spread({ whenUnsatisfiable: 'ScheduleAnyway' });

  it('goes where there are fewest', async () => {
    expect(await place([...nodes, ...webs(2, 0, 1)], waiting([anyway]))).toBe('n-2');
  });

  it('goes elsewhere where it must', async () => {
    const seed = [...nodes, ...webs(2, 0, 1)];
    expect(await place(seed, waiting([anyway], { nodeSelector: { zone: 'a' } }))).toBe('n-1');
  });
});

describe('pods that say nothing of it', () => {
  let cluster: SimulatedCluster;

  it('are spread over nodes away from their siblings', async () => {
    const seed = [node('n-1'), node('n-2'), node('n-3', { cpu: '32', memory: '64Gi' })];
    cluster = await startSimulatedCluster({ name: 'spread', region: 'test', seed });
    cluster.world.apply(workload('Deployment', 'web', { replicas: 6 }));
    const pods = await readyPods(cluster, 'web', 6);
    await cluster.stop();
    const places = pods.map(({ spec }) => spec.nodeName).sort();
    expect(places).toEqual(['n-1', 'n-1', 'n-2', 'n-2', 'n-3', 'n-3']);
  });

  it('go where most is left', async () => {
    const seed = [node('n-1'), node('n-2', { cpu: '8', memory: '16Gi' }), node('n-3')];
    expect(await place([...seed, somePod({ node: 'n-3' })], somePod({}))).toBe('n-2');
  });
});
