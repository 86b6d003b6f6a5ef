import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoSeed } from '../../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';
import { quietLogger } from './quiet-logger.ts';

describe('injected faults', () => {
  let workspace: Workspace;
  let client: WebClient;

  beforeEach(async () => {
    workspace = await startWorkspace({ seed: demoSeed });
    client = new WebClient(workspace.botToken, {
      slackApiUrl: workspace.apiUrl,
      retryConfig: { retries: 0 },
      logger: quietLogger,
      rejectRateLimitedCalls: true,
    });
  });

  afterEach(() => workspace.stop());

  it('limits the rate of one method and leaves the others alone', async () => {
    workspace.faults = [
      (method) => (method === 'chat.postMessage' ? { retryAfter: 7 } : undefined),
    ];

    const limited = client.chat.postMessage({ channel: 'C0KROPS', text: 'x' });

    await expect(limited).rejects.toMatchObject({ retryAfter: 7 });
    await expect(client.auth.test()).resolves.toMatchObject({ ok: true });
    expect(workspace.messages('C0KROPS')).toEqual([]);
    expect(workspace.calls).toMatchObject([
      { method: 'chat.postMessage', ok: false, error: 'http_429' },
      { method: 'auth.test', ok: true },
    ]);
  });

  it('loses the answer of a call that has taken effect', async () => {
    workspace.faults = [() => ({ loseAnswer: true })];

    await expect(client.chat.postMessage({ channel: 'C0KROPS', text: 'x' })).rejects.toThrow();

    expect(workspace.messages('C0KROPS')).toMatchObject([{ text: 'x' }]);
  });

  it('answers with any error and any status', async () => {
    workspace.faults = [
      (method) => (method === 'auth.test' ? { error: 'token_revoked' } : undefined),
      (method) => (method === 'chat.postMessage' ? { status: 503 } : undefined),
    ];

    await expect(client.auth.test()).rejects.toMatchObject({ data: { error: 'token_revoked' } });
    await expect(client.chat.postMessage({ channel: 'C0KROPS', text: 'x' })).rejects.toMatchObject({
      statusCode: 503,
    });
  });
});
