import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import {
  type Client,
  clientOf,
  look,
  node,
  pod,
  podSpec,
  statusOf,
  strategic,
  until,
} from './client.ts';

let cluster: SimulatedCluster;
let call: Client;
const path = '/api/v1/namespaces/shop/pods/a';

beforeEach(async () => {
  cluster = await startSimulatedCluster({ name: 'resize', region: 'test', seed: [node('n-1')] });
  call = clientOf(cluster);
  cluster.world.apply(pod('a', asking({ requests: { memory: '1Gi' }, limits: { memory: '1Gi' } })));
  await until(() => statusOf(cluster.world.get('Pod', 'a', 'shop'), 'Ready') === 'True');
});
afterEach(() => cluster.stop());

function asking(resources: Record<string, unknown>) {
  return podSpec({ containers: [{ name: 'main', image: 'registry.example/app:1', resources }] });
}

function resize(resources: Record<string, unknown>, subresource = '/resize') {
  const containers = [{ name: 'main', resources }];
  return call(`PATCH ${path}${subresource}`, { spec: { containers } }, strategic);
}

function actual() {
  const { status } = look(cluster.world.get('Pod', 'a', 'shop'));
  return status.containerStatuses[0].resources;
}

function pending() {
  const { status } = look(cluster.world.get('Pod', 'a', 'shop'));
  return status.conditions.find((each: { type: string }) => each.type === 'PodResizePending');
}

describe('a pod that is resized in place', () => {
  it('runs on with what it asked for, without a restart', async () => {
    const before = look(cluster.world.get('Pod', 'a', 'shop'));
    const wanted = { requests: { memory: '2Gi' }, limits: { memory: '2Gi' } };

    const { status } = await resize(wanted);

    expect(status).toBe(200);
    await until(() => actual().requests.memory === '2Gi');
    const after = look(cluster.world.get('Pod', 'a', 'shop'));
    expect(actual()).toEqual(wanted);
    expect(after.status.containerStatuses[0].containerID).toBe(
      before.status.containerStatuses[0].containerID,
    );
  });

  it('waits while its node has no room, and gets it when there is', async () => {
    cluster.world.apply(pod('b', asking({ requests: { memory: '6Gi' } })));
    await until(() => statusOf(cluster.world.get('Pod', 'b', 'shop'), 'Ready') === 'True');

    await resize({ requests: { memory: '4Gi' }, limits: { memory: '4Gi' } });
    await until(() => pending()?.reason === 'Deferred');
    await call('DELETE /api/v1/namespaces/shop/pods/b');

    await until(() => actual().requests.memory === '4Gi');
    expect(pending()).toBeUndefined();
  });

  it('never gets what its node does not have', async () => {
    await resize({ requests: { memory: '9Gi' }, limits: { memory: '9Gi' } });

    await until(() => pending()?.reason === 'Infeasible');
    expect(actual().requests.memory).toBe('1Gi');
  });

  it.each([
    [
      'less memory than its limit',
      { limits: { memory: '512Mi' }, requests: { memory: '512Mi' } },
      'memory limits cannot be decreased',
    ],
    [
      'another quality of service',
      { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1' } },
      'Pod QOS Class may not change',
    ],
  ])('is refused %s', async (_, resources, why) => {
    const { status, body } = await resize(resources);

    expect([status, body.reason]).toEqual([422, 'Invalid']);
    expect(body.message).toContain(why);
  });

  it('is resized through its subresource only', async () => {
    const { status, body } = await resize({ requests: { memory: '2Gi' } }, '');

    expect([status, body.reason]).toEqual([422, 'Invalid']);
    expect(body.message).toContain('pod updates may not change fields other than');
  });
});
