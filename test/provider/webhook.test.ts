import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createWebhook } from '../../src/provider/webhook.ts';
import { requestFor } from './requests.ts';
import { accept, secret, sick, startWebhook, type WebhookSetup } from './webhook-setup.ts';

let setup: WebhookSetup | undefined;
afterEach(async () => {
  await setup?.stop();
  setup = undefined;
});

async function start(...[answer]: Parameters<typeof startWebhook>): Promise<WebhookSetup> {
  setup = await startWebhook(answer);
  return setup;
}

describe('a webhook cannot be set up', () => {
  it.each([
    { url: 'http://hooks.example/replace', says: /must be https/ },
    { url: 'not a url', says: /not a URL/ },
    { url: 'ftp://127.0.0.1/', says: /must be https/ },
  ])('with $url', ({ url, says }) => {
    expect(() => createWebhook({ url, secret })).toThrow(says);
  });

  it('with a secret that can be guessed', () => {
    expect(() => createWebhook({ url: 'https://hooks.example/', secret: 'short' })).toThrow(
      /fewer than 16 characters/,
    );
  });
});

describe('what the webhook is sent', () => {
  it('says who asks for what, signed, under one key', async () => {
    const {
      cluster,
      receiver: hook,
      provider,
      machine,
    } = await start((_, response) => accept(response));

    await provider.replace(cluster, requestFor(machine, sick));

    const [post] = hook.received;
    expect(JSON.parse(post?.body ?? '')).toEqual({
      runId: 'run-1',
      traceId: '4bf92f',
      cluster: 'kr',
      node: 'ip-1',
      nodeUid: 'node-ip-1',
      providerId: 'sim:///ip-1',
      approvedBy: ['U0JUN'],
      reason: 'kubelet flaps',
    });
    const signed = `${post?.headers['x-handrail-timestamp']}.${post?.body}`;
    expect(post?.headers['x-handrail-signature']).toBe(
      createHmac('sha256', secret).update(signed).digest('hex'),
    );
    expect(post?.headers['idempotency-key']).toBe('run-1/node-ip-1');
  });

  it('is repeated under the same key until it is taken', async () => {
    let attempts = 0;
    const {
      cluster,
      receiver: hook,
      provider,
      machine,
    } = await start((_, response) => {
      attempts += 1;
      if (attempts === 1) response.destroy();
      else accept(response, attempts === 2 ? 503 : 202);
    });

    await provider.replace(cluster, requestFor(machine, sick));

    expect(hook.received.map(({ headers }) => headers['idempotency-key'])).toEqual(
      Array(3).fill('run-1/node-ip-1'),
    );
  });

  it('is not repeated when it is refused', async () => {
    const {
      cluster,
      receiver: hook,
      provider,
      machine,
    } = await start((_, response) => accept(response, 422));

    const call = provider.replace(cluster, requestFor(machine, sick));

    await expect(call).rejects.toMatchObject({
      code: 'provider_webhook',
      message: expect.stringMatching(/refused to replace node ip-1: it answered 422/),
    });
    expect(hook.received).toHaveLength(1);
  });

  it('ends in time with a receiver that never answers, without the secret in the error', async () => {
    const { cluster, provider, machine } = await start(() => undefined);

    const error: unknown = await provider
      .replace(cluster, requestFor(machine, sick))
      .catch((reason: unknown) => reason);

    expect(error).toMatchObject({ code: 'provider_webhook' });
    expect(`${(error as Error).stack} ${JSON.stringify(error)}`).not.toContain(secret);
  });

  it('does not follow a redirect', async () => {
    const {
      cluster,
      receiver: hook,
      provider,
      machine,
    } = await start((_, response) => {
      response.writeHead(307, { location: '/elsewhere' }).end();
    });

    await expect(provider.replace(cluster, requestFor(machine, sick))).rejects.toMatchObject({
      code: 'provider_webhook',
    });
    expect(new Set(hook.received.map(({ url }) => url))).toEqual(new Set(['/replace']));
  });
});

describe('whether the webhook has been asked', () => {
  it('is answered by the receiver, by the key', async () => {
    const {
      cluster,
      receiver: hook,
      provider,
      machine,
    } = await start((request, response) => {
      const known = hook.received.some(({ method }) => method === 'POST');
      accept(response, request.method === 'GET' && !known ? 404 : 200);
    });
    const request = requestFor(machine, sick);

    const before = await provider.replaced(cluster, request);
    await provider.replace(cluster, request);
    const after = await provider.replaced(cluster, request);

    expect([before, after]).toEqual([false, true]);
    expect(hook.received[0]?.url).toBe('/replace?idempotencyKey=run-1%2Fnode-ip-1');
  });

  it('is plain where the node is gone', async () => {
    const { cluster, world, provider, machine } = await start((_, response) =>
      accept(response, 404),
    );
    world.remove('Node', 'ip-1');

    expect(await provider.replaced(cluster, requestFor(machine, sick))).toBe(true);
  });
});
