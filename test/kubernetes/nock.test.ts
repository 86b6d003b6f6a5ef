import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectCluster } from '../../src/kubernetes/connect-cluster.ts';
import { Node } from '../../src/kubernetes/resources/node.ts';
import { kubeconfigFor, nodeBody } from './local-api-server.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'handrail-test-'));
  nock.disableNetConnect();
});
afterEach(async () => {
  nock.cleanAll();
  nock.enableNetConnect();
  nock.restore();
  await rm(directory, { recursive: true });
});

describe('the client under nock', () => {
  it('is intercepted on its way to an https server that does not exist', async () => {
    const file = join(directory, 'kubeconfig.yml');
    await writeFile(file, kubeconfigFor('kr', 'https://kr.invalid:6443'));
    const scope = nock('https://kr.invalid:6443', {
      reqheaders: { authorization: 'Bearer token-of-kr', 'user-agent': /^handrail\// },
    })
      .get('/api/v1/nodes/n')
      .reply(200, nodeBody('n'));
    const cluster = connectCluster({ name: 'kr', kubeconfig: file, inCluster: false });

    const node = await cluster.get(Node, { name: 'n' });

    expect(node.metadata.name).toBe('n');
    expect(scope.isDone()).toBe(true);
  });
});
