import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeconfigFor } from '../../kubernetes/local-api-server.ts';

/** Of a cluster that nobody asks anything: gates look elsewhere. */
export async function kubeconfigFile(): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'handrail-test-')), 'kubeconfig.yml');
  await writeFile(file, kubeconfigFor('kr', 'http://127.0.0.1:9'));
  return file;
}
