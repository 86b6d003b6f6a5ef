import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoSeed } from '../../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';
import { clientOf } from './web-client.ts';

let workspace: Workspace;
let client: WebClient;
let now: number;
beforeEach(async () => {
  now = 1_790_000_000_000;
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  workspace = await startWorkspace({ seed: demoSeed, clock });
  workspace.limitRates();
  client = clientOf(workspace);
});
afterEach(() => workspace.stop());

const post = (channel: string) => client.chat.postMessage({ channel, text: 'x' });

describe('rate limits', () => {
  it('allow one post a second in each channel', async () => {
    await post('C0KROPS');
    await expect(post('C0KROPS')).rejects.toMatchObject({ retryAfter: 1 });
    await post('C0JPOPS');
    now += 1000;
    await post('C0KROPS');

    expect(workspace.messages('C0KROPS')).toHaveLength(2);
    expect(workspace.messages('C0JPOPS')).toHaveLength(1);
  });

  it.each([
    { method: 'usergroups.users.list', args: { usergroup: 'S0SRE' }, allowed: 20 },
    { method: 'conversations.history', args: { channel: 'C0KROPS' }, allowed: 50 },
    { method: 'users.info', args: { user: 'U0MINA' }, allowed: 100 },
  ])(
    'allow $allowed calls of $method a minute, and say when the next may come',
    async (limited) => {
      const { method, args, allowed } = limited;
      for (let call = 0; call < allowed; call += 1) await client.apiCall(method, args);
      now += 20_000;

      await expect(client.apiCall(method, args)).rejects.toMatchObject({ retryAfter: 40 });
      await expect(client.auth.test()).resolves.toMatchObject({ ok: true });
      now += 40_000;
      await expect(client.apiCall(method, args)).resolves.toMatchObject({ ok: true });
    },
  );
});
