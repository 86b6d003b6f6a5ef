import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/demo/cluster/model/objects.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import {
  type Client,
  clientOf,
  look,
  merge,
  node,
  pod,
  podSpec,
  readyPods,
  until,
  workload,
} from './client.ts';

let cluster: SimulatedCluster;
let call: Client;
const pods = '/api/v1/namespaces/shop/pods';
const quotaPath = '/api/v1/namespaces/shop/resourcequotas/team';

beforeEach(async () => {
  cluster = await startSimulatedCluster({ name: 'quotas', region: 'test', seed: [node('n-1')] });
  call = clientOf(cluster);
});
afterEach(() => cluster.stop());

function quota(hard: Record<string, string>): Manifest {
  const metadata = { name: 'team', namespace: 'shop' };
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard } };
}

function limitRange(limit: Record<string, unknown>): Manifest {
  const metadata = { name: 'bounds', namespace: 'shop' };
  return { apiVersion: 'v1', kind: 'LimitRange', metadata, spec: { limits: [limit] } };
}

function used() {
  return look(cluster.world.get('ResourceQuota', 'team', 'shop')).status?.used;
}

function asking(resources: Record<string, unknown>) {
  return podSpec({ containers: [{ name: 'main', image: 'registry.example/app:1', resources }] });
}

describe('a ResourceQuota', () => {
  it('is charged by what is created, and gets it back when that is gone', async () => {
    cluster.world.apply(quota({ pods: '2', 'requests.cpu': '1', 'count/configmaps': '5' }));
    await until(() => used()?.pods === '0');

    const made = await call(`POST ${pods}`, pod('a', asking({ requests: { cpu: '250m' } })));
    const atOnce = used();
    const dry = await call(
      `POST ${pods}?dryRun=All`,
      pod('b', asking({ requests: { cpu: '1m' } })),
    );
    const after = used();
    await call(`DELETE ${pods}/a`);

    expect([made.status, dry.status]).toEqual([201, 201]);
    expect(atOnce).toEqual({ pods: '1', 'requests.cpu': '250m', 'count/configmaps': '0' });
    expect(after).toEqual(atOnce);
    await until(() => used().pods === '0');
  });

  it('refuses what goes beyond it, with all numbers that do', async () => {
    cluster.world.apply(quota({ pods: '9', 'limits.memory': '1Gi', 'requests.cpu': '1' }));
    await until(() => used() !== undefined);
    const resources = { requests: { cpu: '2' }, limits: { cpu: '2', memory: '1536Mi' } };

    const { status, body } = await call(`POST ${pods}`, pod('big', asking(resources)));

    expect(status).toBe(403);
    expect(body.message).toBe(
      'pods "big" is forbidden: exceeded quota: team, requested: limits.memory=1536Mi,requests.cpu=2, used: limits.memory=0,requests.cpu=0, limited: limits.memory=1Gi,requests.cpu=1',
    );
  });

  it('wants its resources to be named by every container', async () => {
    cluster.world.apply(quota({ 'limits.memory': '1Gi', 'requests.cpu': '1' }));
    await until(() => used() !== undefined);

    const { body } = await call(`POST ${pods}`, pod('mute', asking({ requests: { cpu: '1m' } })));

    expect(body.message).toBe(
      'pods "mute" is forbidden: failed quota: team: must specify limits.memory for: main',
    );
  });

  it('holds a Deployment back until it is raised', async () => {
    cluster.world.apply(quota({ pods: '1' }));
    await until(() => used() !== undefined);
    cluster.world.apply(workload('Deployment', 'web', { replicas: 2 }));
    await until(() =>
      cluster.world
        .list('Event', 'shop')
        .some((event) => String(event['message']).includes('exceeded quota: team')),
    );
    await readyPods(cluster, 'web', 1);

    await call(`PATCH ${quotaPath}`, { spec: { hard: { pods: '3' } } }, merge);

    await readyPods(cluster, 'web', 2);
  });
});

describe('a LimitRange', () => {
  it('gives containers what they do not say, and notes it', async () => {
    const limit = {
      type: 'Container',
      default: { memory: '64Mi' },
      defaultRequest: { cpu: '10m' },
    };
    await call('POST /api/v1/namespaces/default/limitranges', {
      ...limitRange(limit),
      metadata: { name: 'bounds' },
    });

    const { body } = await call('POST /api/v1/namespaces/default/pods', {
      metadata: { name: 'a' },
      spec: asking({}),
    });

    expect(body.spec.containers[0].resources).toEqual({
      requests: { cpu: '10m', memory: '64Mi' },
      limits: { memory: '64Mi' },
    });
    expect(body.metadata.annotations).toEqual({
      'kubernetes.io/limit-ranger':
        'LimitRanger plugin set: cpu, memory request for container main; memory limit for container main',
    });
    expect(body.status.qosClass).toBe('Burstable');
  });

  it.each([
    [{ min: { cpu: '50m' } }, 'minimum cpu usage per Container is 50m, but request is 10m'],
    [{ max: { cpu: '15m' } }, 'maximum cpu usage per Container is 15m, but limit is 20m'],
    [
      { maxLimitRequestRatio: { cpu: '1' } },
      'cpu max limit to request ratio per Container is 1, but provided ratio is 2.000000',
    ],
  ])('refuses a container outside of %j', async (bounds, why) => {
    cluster.world.apply(limitRange({ type: 'Container', ...bounds }));
    const resources = { requests: { cpu: '10m' }, limits: { cpu: '20m' } };

    const { status, body } = await call(`POST ${pods}`, pod('x', asking(resources)));

    expect([status, body.message]).toEqual([403, `pods "x" is forbidden: ${why}`]);
  });

  it('adds a pod up', async () => {
    cluster.world.apply(limitRange({ type: 'Pod', max: { memory: '100Mi' } }));
    const containers = ['a', 'b'].map((name) => ({
      name,
      image: 'registry.example/app:1',
      resources: { limits: { memory: '60Mi' } },
    }));

    const { body } = await call(`POST ${pods}`, pod('x', podSpec({ containers })));

    expect(body.message).toBe(
      'pods "x" is forbidden: maximum memory usage per Pod is 100Mi, but limit is 120Mi',
    );
  });
});
