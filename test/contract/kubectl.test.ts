import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClusterUnderTest } from './cluster/cluster-under-test.ts';
import { type Kubectl, openKubectl, whyNoKubectl } from './cluster/kubectl.ts';
import { budget, workload } from './cluster/manifests.ts';
import { mark, uncordon, workerNodes } from './cluster/nodes.ts';
import { openCluster } from './cluster/open-cluster.ts';
import { readyPods } from './cluster/pods.ts';
import { until } from './cluster/until.ts';

let cluster: ClusterUnderTest;
let kubectl: Kubectl;
let nodes: string[];
const missing = await whyNoKubectl();

beforeAll(async () => {
  cluster = await openCluster();
  nodes = await workerNodes(cluster.api);
  kubectl = await openKubectl(cluster);
  if (missing === undefined) await applyWeb('web');
});
beforeEach(({ skip }) => skip(missing !== undefined, missing));
afterAll(async () => {
  await kubectl.close();
  await cluster.close();
});

/** The first line and the others, in words. */
function table(printed: string): string[][] {
  return printed.split('\n').map((line) => line.trim().split(/ {2,}/));
}

async function applyWeb(name: string): Promise<void> {
  const which = { kind: 'Deployment', name, replicas: 2 } as const;
  await kubectl.apply({ ...workload(cluster, which) }, budget(name, { maxUnavailable: 1 }));
  await readyPods(cluster, name, 2);
}

describe('kubectl', () => {
  it('applies, and applies again without a change', async () => {
    const which = { kind: 'Deployment', name: 'applied', replicas: 1 } as const;
    const manifest = workload(cluster, which);

    const first = await kubectl.apply(manifest);
    const again = await kubectl.apply(manifest);
    const more = await kubectl.apply({ ...manifest, spec: { ...manifest.spec, replicas: 2 } });

    expect([first, again, more]).toEqual([
      'deployment.apps/applied created',
      'deployment.apps/applied unchanged',
      'deployment.apps/applied configured',
    ]);
    await readyPods(cluster, 'applied', 2);
  });

  it('gets nodes, pods, workloads, budgets and events in columns', async () => {
    const [header, ...pods] = table(
      await kubectl.run('get', 'pods', '-l', 'app=web', '-o', 'wide'),
    );
    const nodeTable = table(await kubectl.run('get', 'nodes'));
    const deployments = table(await kubectl.run('get', 'deployment', 'web'));
    const sets = table(await kubectl.run('get', 'rs', '-l', 'app=web'));
    const budgets = table(await kubectl.run('get', 'pdb', 'web'));
    const events = table(await kubectl.run('get', 'events'));

    expect(header?.slice(0, 7)).toEqual([
      'NAME',
      'READY',
      'STATUS',
      'RESTARTS',
      'AGE',
      'IP',
      'NODE',
    ]);
    expect(pods.map((cells) => cells.slice(1, 4))).toEqual([
      ['1/1', 'Running', '0'],
      ['1/1', 'Running', '0'],
    ]);
    expect(nodeTable[0]?.slice(0, 4)).toEqual(['NAME', 'STATUS', 'ROLES', 'AGE']);
    expect(deployments[0]).toEqual(['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE']);
    expect(deployments[1]?.slice(0, 4)).toEqual(['web', '2/2', '2', '2']);
    expect(sets[0]).toEqual(['NAME', 'DESIRED', 'CURRENT', 'READY', 'AGE']);
    expect(budgets[0]).toEqual([
      'NAME',
      'MIN AVAILABLE',
      'MAX UNAVAILABLE',
      'ALLOWED DISRUPTIONS',
      'AGE',
    ]);
    expect(budgets[1]?.slice(0, 3)).toEqual(['web', 'N/A', '1']);
    expect(events[0]).toEqual(['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE']);
  });

  it('gets all that runs, by that word', async () => {
    const names = (await kubectl.run('get', 'all', '-l', 'app=web', '-o', 'name')).split('\n');

    const kinds = names.map((name) => name.split('/')[0]);
    expect([...new Set(kinds)].sort()).toEqual(['pod', 'replicaset.apps']);
  });

  it('describes a pod, a node and a budget', async () => {
    await applyWeb('web');
    const [first] = await readyPods(cluster, 'web', 2);

    const pod = await kubectl.run('describe', 'pod', first.metadata.name);
    const node = await kubectl.run('describe', 'node', first.spec.nodeName);
    const pdb = await kubectl.run('describe', 'pdb', 'web');

    expect(pod).toMatch(/Status: +Running/);
    expect(pod).toMatch(/Normal +Scheduled .* Successfully assigned/);
    expect(node).toMatch(/Ready +True /);
    expect(node).toContain(first.metadata.name);
    expect(pdb).toMatch(/Allowed disruptions: +1/);
  });

  it('restarts a rollout, waits for it, and knows its history', async () => {
    await applyWeb('rolled');

    const restarted = await kubectl.run('rollout', 'restart', 'deployment/rolled');
    const waited = await kubectl.run('rollout', 'status', 'deployment/rolled', '--timeout=5m');
    const history = table(await kubectl.run('rollout', 'history', 'deployment/rolled'));

    expect(restarted).toBe('deployment.apps/rolled restarted');
    expect(waited).toContain('successfully rolled out');
    expect(history.slice(2).map(([revision]) => revision)).toEqual(['1', '2']);
  });

  it('cordons a node, shows it as such, and lifts the cordon', async () => {
    const [node = ''] = nodes;
    await mark(cluster, node);

    const cordoned = await kubectl.run('cordon', node);
    const [, shown] = table(await kubectl.run('get', 'node', node));
    await kubectl.run('uncordon', node);
    const [, after] = table(await kubectl.run('get', 'node', node));

    expect(cordoned).toBe(`node/${node} cordoned`);
    expect([shown?.[1], after?.[1]]).toEqual(['Ready,SchedulingDisabled', 'Ready']);
  });

  it('drains the pods of one app, one after the other as its budget allows', async ({ skip }) => {
    skip(nodes.length < 2, 'needs two nodes that take pods');
    await applyWeb('drained');
    const before = await readyPods(cluster, 'drained', 2);
    const node = before[0].spec.nodeName;
    await mark(cluster, node);

    // Of a given cluster no other pods are touched.
    const only = ['--pod-selector', 'app=drained', '--ignore-daemonsets', '--timeout=5m'];
    const printed = await kubectl.run('drain', node, ...only);
    const after = await readyPods(cluster, 'drained', 2);
    await uncordon(cluster.api, node);

    expect(printed).toContain(`pod/${before[0].metadata.name} evicted`);
    expect(printed).toContain(`node/${node} drained`);
    expect(after.map(({ spec }) => spec.nodeName)).not.toContain(node);
  });

  it('scales, patches, labels and waits', async () => {
    const printed = [
      await kubectl.run('scale', 'deployment/web', '--replicas=3'),
      await kubectl.run('patch', 'deployment', 'web', '-p', '{"spec":{"replicas":2}}'),
      await kubectl.run('label', 'deployment', 'web', 'tier=front'),
      await kubectl.run('wait', '--for=condition=Available', 'deployment/web', '--timeout=5m'),
    ];

    expect(printed).toEqual([
      'deployment.apps/web scaled',
      'deployment.apps/web patched',
      'deployment.apps/web labeled',
      'deployment.apps/web condition met',
    ]);
  });

  it('tells what nodes and pods use', async ({ skip }) => {
    const { status } = await cluster.api.send('GET /apis/metrics.k8s.io/v1beta1');
    skip(status !== 200, 'the cluster has no metrics server');

    // A metrics server looks around once in a while.
    const printed = await until(
      'the pods have been measured',
      () => kubectl.run('top', 'pods', '-l', 'app=web').catch(() => ''),
      (each) => table(each).length === 3,
    );
    const measured = table(await kubectl.run('top', 'nodes'));

    expect(table(printed)[0]).toEqual(['NAME', 'CPU(cores)', 'MEMORY(bytes)']);
    expect(table(printed)[1]?.[2]).toMatch(/^\d+Mi$/);
    expect(measured[0]).toEqual(['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)']);
    expect(measured.map(([name]) => name)).toEqual(expect.arrayContaining(nodes));
  });
});
