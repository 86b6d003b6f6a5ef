import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { kubeconfigFor } from '../../kubernetes/local-api-server.ts';

/** Of a cluster that nobody asks anything: gates look elsewhere. Gone when the test is over. */
export async function kubeconfigFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'handrail-test-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, 'kubeconfig.yml');
  await writeFile(file, kubeconfigFor('kr', 'http://127.0.0.1:9'));
  return file;
}
