import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/demo/cluster/model/objects.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import { look, node, podSpec, until } from './client.ts';

let cluster: SimulatedCluster;

beforeEach(async () => {
  cluster = await startSimulatedCluster({
    name: 'jobs',
    region: 'test',
    seed: [node('n-1')],
    timings: { secondMs: 50 },
  });
});
afterEach(() => cluster.stop());

function job(
  { restartPolicy = 'Never', ...spec }: Record<string, unknown>,
  annotations: Record<string, string> = {},
): Manifest {
  const template = { metadata: { annotations }, spec: podSpec({ restartPolicy }) };
  const metadata = { name: 'prepull', namespace: 'shop' };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { ...spec, template } };
}

function status() {
  return look(cluster.world.get('Job', 'prepull', 'shop')).status;
}

async function ended(): Promise<string[]> {
  await until(() => status().conditions !== undefined);
  return status().conditions.map((each: { type: string; reason: string }) =>
    [each.type, each.reason].join(' '),
  );
}

describe('a Job', () => {
  it('counts what runs and what is ready before it ends', async () => {
    const stays = { 'simulation/run-factor': '100000' };
    cluster.world.apply(job({ parallelism: 2, completions: 2 }, stays));

    await until(() => status().ready === 2);

    expect(status()).toMatchObject({ active: 2, terminating: 0, uncountedTerminatedPods: {} });
    expect(status().conditions).toBeUndefined();
  });

  it('whose pods fail too often fails, for its target first', async () => {
    cluster.world.apply(job({ backoffLimit: 1 }, { 'simulation/exit-code': '1' }));

    const conditions = await ended();

    expect(conditions).toEqual([
      'FailureTarget BackoffLimitExceeded',
      'Failed BackoffLimitExceeded',
    ]);
    expect(status()).toMatchObject({ failed: 2, ready: 0 });
    expect(status().completionTime).toBeUndefined();
  });

  it('whose pod restarts its container counts each restart as a failure', async () => {
    const fails = { 'simulation/exit-code': '1' };
    cluster.world.apply(job({ backoffLimit: 2, restartPolicy: 'OnFailure' }, fails));

    const conditions = await ended();

    expect(conditions.at(-1)).toBe('Failed BackoffLimitExceeded');
    const names = cluster.world
      .list('Event', 'shop')
      .filter((each) => each['reason'] === 'Started');
    expect(look(names).map((each: { count: number }) => each.count)).toEqual([3]);
  });

  it('that takes longer than its deadline fails, and its pod is stopped', async () => {
    const stays = { 'simulation/run-factor': '100000' };
    cluster.world.apply(job({ activeDeadlineSeconds: 3 }, stays));

    const conditions = await ended();

    expect(conditions).toEqual(['FailureTarget DeadlineExceeded', 'Failed DeadlineExceeded']);
    await until(() => cluster.world.list('Pod', 'shop').length === 0);
  });
});
