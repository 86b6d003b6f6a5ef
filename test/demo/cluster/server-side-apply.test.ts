import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import { type Client, clientOf, merge, node, readyPods, workload } from './client.ts';

let cluster: SimulatedCluster;
let call: Client;
const path = '/apis/apps/v1/namespaces/shop/deployments/web';

beforeAll(async () => {
  cluster = await startSimulatedCluster({
    name: 'apply',
    region: 'test',
    seed: [
      node('n-1', { cpu: '0' }),
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    ],
    timings: { controllerMs: 60_000 },
  });
  call = clientOf(cluster);
});
beforeEach(() => cluster.world.remove('Deployment', 'web', 'shop'));
afterAll(() => cluster.stop());

const identity = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } };

function apply(manager: string, config: object, query = '') {
  const body = { ...identity, ...config };
  return call(
    `PATCH ${path}?fieldManager=${manager}${query}`,
    body,
    'application/apply-patch+yaml',
  );
}

function resources(memory: string) {
  const containers = [{ name: 'main', resources: { requests: { memory } } }];
  return { spec: { template: { spec: { containers } } } };
}

function whole(replicas: number, env: object[] = []) {
  const labels = { app: 'web' };
  const containers = [{ name: 'main', image: 'registry.example/web:1', env }];
  const template = { metadata: { labels }, spec: { containers } };
  return { spec: { replicas, selector: { matchLabels: labels }, template } };
}

async function managers(): Promise<string[]> {
  const { body } = await call(`GET ${path}`);
  const fields: { manager: string; operation: string }[] = body.metadata.managedFields ?? [];
  return fields.map(({ manager, operation }) => `${manager} ${operation}`);
}

describe('server-side apply', () => {
  it('creates what is not there, and changes nothing the second time', async () => {
    const first = await apply('gitops', whole(2));
    const second = await apply('gitops', whole(2));

    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
    expect(await managers()).toEqual(['gitops Apply']);
  });

  it('takes a field from its owner only by force', async () => {
    await apply('gitops', whole(2));

    const refused = await apply('runbook', { spec: { replicas: 5 } });
    const forced = await apply('runbook', { spec: { replicas: 5 } }, '&force=true');
    const back = await apply('gitops', whole(2));

    expect(refused.status).toBe(409);
    expect(refused.body.message).toBe(
      'Apply failed with 1 conflict: conflict with "gitops": .spec.replicas',
    );
    expect([forced.status, forced.body.spec.replicas]).toEqual([200, 5]);
    expect(back.body.message).toContain('conflict with "runbook": .spec.replicas');
  });

  it('takes away what its manager no longer names and nobody else owns', async () => {
    const a = { name: 'A', value: '1' };
    const b = { name: 'B', value: '2' };
    await apply('gitops', whole(2, [a, b]));
    const containers = [{ name: 'main', env: [b] }];
    await apply('other', { spec: { template: { spec: { containers } } } });

    const { body } = await apply('gitops', whole(2, []));

    expect(body.spec.template.spec.containers[0].env).toEqual([b]);
  });

  it('conflicts with who changed a field by another kind of patch', async () => {
    await apply('gitops', whole(2));
    await call(`PATCH ${path}?fieldManager=kubectl-edit`, { spec: { replicas: 3 } }, merge);

    const { body } = await apply('gitops', whole(2));

    expect(body.details.causes).toEqual([
      {
        reason: 'FieldManagerConflict',
        message: 'conflict with "kubectl-edit" using apps/v1',
        field: '.spec.replicas',
      },
    ]);
  });

  it('finds what was there before the first apply owned by whoever wrote it', async () => {
    cluster.world.apply(workload('Deployment', 'web'));

    const { body } = await apply('runbook', resources('400Mi'));

    expect(body.message).toContain('conflict with "before-first-apply" using apps/v1');
  });

  it('notes a controller as the owner of what it writes', async () => {
    const daemons = '/apis/apps/v1/namespaces/shop/daemonsets';
    const running = await startSimulatedCluster({
      name: 'apply-2',
      region: 'test',
      seed: [node('n-1'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }],
    });
    const callRunning = clientOf(running);
    await callRunning(`POST ${daemons}?fieldManager=kubectl`, workload('DaemonSet', 'agent'));
    await readyPods(running, 'agent', 1);

    const { body } = await callRunning(`GET ${daemons}/agent`);

    await running.stop();
    const written: { manager: string; subresource?: string }[] = body.metadata.managedFields;
    const owners = written.map(({ manager, subresource }) => [manager, subresource].join(' '));
    expect(owners.sort()).toEqual(['kube-controller-manager status', 'kubectl ']);
  });

  it('needs a manager, and tries out what it is asked to try out', async () => {
    await apply('gitops', whole(2));

    const nobody = await apply('', whole(3));
    const dry = await apply('gitops', whole(3), '&dryRun=All');

    expect([nobody.status, nobody.body.reason]).toEqual([422, 'Invalid']);
    expect([dry.status, dry.body.spec.replicas]).toEqual([200, 3]);
    expect((await call(`GET ${path}`)).body.spec.replicas).toBe(2);
  });
});
