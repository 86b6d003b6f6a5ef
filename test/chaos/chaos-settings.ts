import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { SimulatedCluster } from '../../src/demo/cluster/simulated-cluster.ts';
import { channelOf } from './chaos-workspace.ts';

const RUNBOOK = new URL('../../runbooks/node-unstable.yml', import.meta.url);

/** Writes handrail.yml and all that it names into a directory, and returns its path. */
export async function writeSettings(
  directory: string,
  clusters: readonly SimulatedCluster[],
  expiresAfter: string,
): Promise<string> {
  for (const { name, kubeconfig } of clusters) {
    await writeFile(join(directory, `${name}.kubeconfig.yml`), kubeconfig);
  }
  await mkdir(join(directory, 'runbooks'));
  await writeFile(join(directory, 'runbooks', 'node-unstable.yml'), await hastyRunbook());
  const settings = {
    runbooks: './runbooks',
    clusters: clusters.map(({ name }) => ({
      name,
      region: `chaos-${name}`,
      kubeconfig: `./${name}.kubeconfig.yml`,
      context: name,
      channel: channelOf(name),
      tiles: [{ name: 'web', services: ['shop/web'] }],
    })),
    approvals: clusters.map(({ name }, index) => ({
      cluster: name,
      groups: ['S0SRE'],
      quorum: index % 2 === 0 ? 1 : 2,
      expiresAfter,
    })),
  };
  const file = join(directory, 'handrail.yml');
  await writeFile(file, stringify(settings));
  return file;
}

/** The runbook that ships, but for the wait after its cordon. */
async function hastyRunbook(): Promise<string> {
  const runbook = parse(await readFile(RUNBOOK, 'utf8')) as {
    steps: { id: string; with: Record<string, unknown> }[];
  };
  const steps = runbook.steps.map((step) =>
    step.id === 'cordon' ? { ...step, with: { ...step.with, settle: '200ms' } } : step,
  );
  return stringify({ ...runbook, steps });
}
