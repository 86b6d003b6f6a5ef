import { afterEach, describe, expect, it } from 'vitest';
import { createMachineProviders } from '../../src/provider/find-owner.ts';
import { capiCluster, machine, machineSet, node, parsedNode } from './manifests.ts';
import { type ObjectServer, startObjectServer } from './object-server.ts';

const webhook = { url: 'https://hooks.example/replace', secret: 'a-secret-of-the-tests-only' };

let server: ObjectServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

describe('a node that nobody owns', () => {
  it('is refused with all that was looked for', async () => {
    const plain = node('kr-b-1');
    server = await startObjectServer(plain);

    const call = createMachineProviders({}).owner(server.cluster, parsedNode(plain), 'auto');

    await expect(call).rejects.toMatchObject({
      code: 'provider_not_found',
      message:
        'nobody in cluster kr is known to own the machine behind node kr-b-1. Looked for: ' +
        'Cluster API (no annotation cluster.x-k8s.io/machine, and no Machine with this node in its nodeRef); ' +
        'Karpenter (no label karpenter.sh/nodepool, and no NodeClaim with this node or provider ID sim:///kr-b-1); ' +
        'webhook (providers.webhook is not set in handrail.yml). ' +
        'Replace it by hand, or set up providers.webhook in handrail.yml',
    });
  });

  it('is said to have its Machine elsewhere where its annotation says that it has one', async () => {
    const annotations = {
      'cluster.x-k8s.io/machine': 'm-1',
      'cluster.x-k8s.io/cluster-namespace': 'capi',
    };
    const remote = node('kr-b-1', { metadata: { annotations } });
    server = await startObjectServer(remote);

    const call = createMachineProviders({}).owner(server.cluster, parsedNode(remote), 'auto');

    await expect(call).rejects.toThrow(/names m-1, .* in a management cluster of its own/);
  });

  it('goes to the webhook where there is one', async () => {
    const plain = node('kr-b-1');
    server = await startObjectServer(plain);

    const found = await createMachineProviders({ webhook }).owner(
      server.cluster,
      parsedNode(plain),
      'auto',
    );

    expect(found.provider.name).toBe('webhook');
    expect(found.how).toBe(
      'the service at hooks.example is asked to replace the machine behind node kr-b-1',
    );
  });
});

describe('the provider that the settings name', () => {
  const plain = node('kr-b-1');

  it('is asked alone', async () => {
    server = await startObjectServer(plain, capiCluster(), machineSet(1), machine('m-1', 'kr-b-1'));
    const providers = createMachineProviders({ webhook });

    const asked = await providers.owner(server.cluster, parsedNode(plain), 'webhook');
    const auto = await providers.owner(server.cluster, parsedNode(plain), 'auto');
    const karpenter = providers.owner(server.cluster, parsedNode(plain), 'karpenter');

    expect(asked.provider.name).toBe('webhook');
    expect(auto.provider.name).toBe('cluster-api');
    await expect(karpenter).rejects.toThrow(/Looked for: Karpenter \(no label/);
  });

  it('is refused where it is not set up', () => {
    expect(() => createMachineProviders({}).named('webhook')).toThrow(
      'provider webhook is not set up; set providers.webhook.url and secretFrom in handrail.yml',
    );
  });
});
