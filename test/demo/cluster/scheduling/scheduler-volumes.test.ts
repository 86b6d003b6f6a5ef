import { afterEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../../../src/demo/cluster/model/objects.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../../src/demo/cluster/simulated-cluster.ts';
import { clientOf, look, until } from '../client.ts';
import { notHelpful, noVictims, place, refusal, somePod, zoned } from './placing.ts';

const nodes = zoned({ 'n-1': 'a', 'n-2': 'b' });
const elsewhere = "node(s) didn't match PersistentVolume's node affinity";

function claim(name: string, spec: object, namespace = 'shop'): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace },
    spec: { accessModes: ['ReadWriteOnce'], ...spec },
  };
}

/** A volume that can be reached from nodes with these labels. */
function volume(name: string, key?: string, ...values: string[]): Manifest {
  const matchExpressions = [{ key, operator: 'In', values }];
  const required = { nodeSelectorTerms: [{ matchExpressions }] };
  const spec = key === undefined ? {} : { nodeAffinity: { required } };
  return { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name }, spec };
}

const data = claim('data', { volumeName: 'pv-1' });

function using(...claims: string[]) {
  const volumes = claims.map((claimName, index) => ({
    name: `volume-${index}`,
    persistentVolumeClaim: { claimName },
  }));
  return { spec: { volumes } };
}

function noneFor(why: string): string {
  const none = '0/2 nodes are available';
  return `${none}: ${why}. preemption: ${none}: 2 ${notHelpful}.`;
}

const lost = 'persistentvolumeclaim "data" bound to non-existent persistentvolume "pv-1"';

describe('a pod with volumes', () => {
  it.each([
    ['goes into the zone of its volume', [data, volume('pv-1', 'zone', 'b')], 'n-2'],
    [
      'goes to the node of its local volume',
      [data, volume('pv-1', 'kubernetes.io/hostname', 'n-2')],
      'n-2',
    ],
    ['goes anywhere with a volume of the network', [data, volume('pv-1')], 'n-1'],
    [
      'waits where its zone has no node',
      [data, volume('pv-1', 'zone', 'c')],
      refusal(2, `2 ${elsewhere}`, `2 ${notHelpful}`),
    ],
    ['waits for its claim', [], noneFor('persistentvolumeclaim "data" not found')],
    ['waits for the volume of its claim', [data], noneFor(lost)],
    [
      'waits for its claim to be bound',
      [claim('data', { storageClassName: '' })],
      noneFor('pod has unbound immediate PersistentVolumeClaims'),
    ],
  ] as const)('%s', async (_, volumes, expected) => {
    expect(await place([...nodes, ...volumes], somePod(using('data')))).toBe(expected);
  });

  it('waits where its volumes are in different zones', async () => {
    const seed = [
      ...nodes,
      data,
      volume('pv-1', 'zone', 'a'),
      claim('logs', { volumeName: 'pv-2' }),
      volume('pv-2', 'zone', 'b'),
    ];
    expect(await place(seed, somePod(using('data', 'logs')))).toBe(
      refusal(2, `2 ${elsewhere}`, `2 ${notHelpful}`),
    );
  });

  it.each([
    [
      'ReadWriteOncePod',
      refusal(
        2,
        '2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode',
        `2 ${noVictims}`,
      ),
    ],
    ['ReadWriteOnce', 'n-2'],
  ])('that another uses, with %s', async (mode, expected) => {
    const once = claim('data', { volumeName: 'pv-1', accessModes: [mode] });
    const seed = [...nodes, once, volume('pv-1'), somePod({ node: 'n-1', ...using('data') })];
    expect(await place(seed, somePod(using('data')))).toBe(expected);
  });
});

describe('a claim without a volume', () => {
  let cluster: SimulatedCluster;
  afterEach(() => cluster.stop());

  it('is given one, which goes with it', async () => {
    cluster = await startSimulatedCluster({ name: 'volumes', region: 'test', seed: nodes });
    const call = clientOf(cluster);
    const claims = '/api/v1/namespaces/shop/persistentvolumeclaims';
    const resources = { requests: { storage: '5Gi' } };
    cluster.world.apply(claim('other', { resources }));

    await call(`POST ${claims}`, claim('data', { resources }));
    await until(() => cluster.world.list('PersistentVolume').length === 2);
    const bound = look(cluster.world.get('PersistentVolumeClaim', 'data', 'shop'));
    const volume = look(cluster.world.get('PersistentVolume', bound.spec.volumeName));
    cluster.world.apply({
      ...somePod(using('data')),
      metadata: { name: 'user', namespace: 'shop' },
    });
    await until(() => look(cluster.world.get('Pod', 'user', 'shop')).spec.nodeName !== undefined);
    await call(`DELETE ${claims}/data`);
    await until(() => cluster.world.list('PersistentVolume').length === 1);

    expect(bound.status.phase).toBe('Bound');
    expect(volume.spec).toMatchObject({
      capacity: { storage: '5Gi' },
      claimRef: { namespace: 'shop', name: 'data', uid: bound.metadata.uid },
    });
  });
});
