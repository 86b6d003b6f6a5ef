import { afterEach, describe, expect, it } from 'vitest';
import { node, parsedNode } from './manifests.ts';
import type { ObjectServer, StoredObject } from './object-server.ts';
import { baselineFor, requestFor } from './requests.ts';
import {
  accept,
  labels,
  other,
  sick,
  startWebhook,
  stranger,
  type WebhookSetup,
} from './webhook-setup.ts';

let setup: WebhookSetup | undefined;
afterEach(async () => {
  await setup?.stop();
  setup = undefined;
});

async function start(...[answer]: Parameters<typeof startWebhook>): Promise<WebhookSetup> {
  setup = await startWebhook(answer);
  return setup;
}

describe('a replacement by webhook stands', () => {
  async function stateAfter(
    report: object,
    change: (world: ObjectServer) => void,
    statusUrl = '/requests/1',
  ) {
    const {
      cluster,
      world,
      receiver: hook,
      provider,
      machine,
    } = await start((request, response) => {
      if (request.method === 'POST') accept(response, 202, { statusUrl });
      else accept(response, 200, report);
    });
    const baseline = baselineFor(machine, sick, [sick, other, stranger]);
    const answer = await provider.replace(cluster, requestFor(machine, sick));
    change(world);
    const state = await provider.poll(cluster, { ...baseline, answer });
    return { state, answer, hook };
  }

  function oldIsGone(world: ObjectServer, ...more: readonly StoredObject[]): void {
    world.remove('Node', 'ip-1');
    world.put(...more);
  }

  it('at requested while the receiver has only taken it', async () => {
    const { state } = await stateAfter({ status: 'accepted', detail: 'queued' }, () => undefined);

    expect(state).toEqual({
      status: 'requested',
      detail: 'waiting for the Node object ip-1 to go (queued)',
    });
  });

  it('at failed when the receiver says so', async () => {
    const { state } = await stateAfter({ status: 'failed', detail: 'no quota' }, () => undefined);

    expect(state).toEqual({
      status: 'failed',
      detail: 'the webhook gave up on node ip-1 (no quota)',
    });
  });

  it('not at ready because the receiver says so, but when a new node of the group is', async () => {
    const { state } = await stateAfter({ status: 'succeeded' }, (world) =>
      oldIsGone(world, node('ip-8')),
    );

    expect(state).toMatchObject({
      status: 'provisioning',
      detail: expect.stringContaining('eks.amazonaws.com/nodegroup=web has 1 of 2 nodes Ready'),
    });
  });

  it('at ready when a new node of the group is Ready', async () => {
    const { state } = await stateAfter({ status: 'running' }, (world) =>
      oldIsGone(world, node('ip-3', { metadata: { labels } })),
    );

    expect(state).toMatchObject({ status: 'ready', newNode: 'ip-3' });
  });

  it('by the nodes alone where the status cannot be read', async () => {
    const { state } = await stateAfter({ status: 'no such word' }, (world) =>
      oldIsGone(world, node('ip-3', { metadata: { labels } })),
    );

    expect(state).toMatchObject({ status: 'ready' });
  });

  it('without asking a status URL of somebody else', async () => {
    const { answer, hook } = await stateAfter({}, () => undefined, 'https://elsewhere.example/1');

    expect(answer).toEqual({ requested: 'ip-1' });
    expect(hook.received.map(({ method }) => method)).toEqual(['POST']);
  });
});

describe('the group of a node', () => {
  it('is its node pool, by the label of its cloud', async () => {
    const { machine } = await start((_, response) => accept(response));

    expect(machine.group).toEqual({
      name: 'eks.amazonaws.com/nodegroup=web',
      desired: 2,
      current: 2,
    });
  });

  it('is every worker where there is no pool, and never the control plane', async () => {
    const role = { 'node-role.kubernetes.io/control-plane': '' };
    const { cluster, world, provider } = await start((_, response) => accept(response));
    const master = node('cp-1', { metadata: { labels: role } });
    world.put(master);

    const [plain, controlPlane] = [
      await provider.find(cluster, parsedNode(stranger)),
      await provider.find(cluster, parsedNode(master)),
    ];

    expect(plain?.group).toEqual({
      name: '!node-role.kubernetes.io/control-plane',
      desired: 3,
      current: 3,
    });
    expect(controlPlane?.refusals).toEqual([expect.stringMatching(/control-plane node/)]);
  });
});
