import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoSeed } from '../../../src/demo/workspace/seed.ts';
import type { SlackFault } from '../../../src/demo/workspace/slack-fault.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';
import { clientOf } from './web-client.ts';

let workspace: Workspace;
let client: WebClient;
beforeEach(async () => {
  workspace = await startWorkspace({ seed: demoSeed });
  client = clientOf(workspace);
});
afterEach(() => workspace.stop());

const post = () => client.chat.postMessage({ channel: 'C0KROPS', text: 'x' });
const texts = () => workspace.messages('C0KROPS').map(({ text }) => text);

describe('a fault of one method', () => {
  it('limits its rate and leaves the others alone', async () => {
    workspace.faults = [
      (method) => (method === 'chat.postMessage' ? { retryAfter: 7 } : undefined),
    ];

    await expect(post()).rejects.toMatchObject({ retryAfter: 7 });
    await expect(client.auth.test()).resolves.toMatchObject({ ok: true });
    expect(texts()).toEqual([]);
    expect(workspace.calls).toMatchObject([
      { method: 'chat.postMessage', ok: false, error: 'http_429' },
      { method: 'auth.test', ok: true },
    ]);
  });

  it('answers with any error and any status', async () => {
    workspace.faults = [
      (method) => (method === 'auth.test' ? { error: 'token_revoked' } : undefined),
      (method) => (method === 'chat.postMessage' ? { status: 503 } : undefined),
    ];

    await expect(client.auth.test()).rejects.toMatchObject({ data: { error: 'token_revoked' } });
    await expect(post()).rejects.toMatchObject({ statusCode: 503 });
  });
});

describe('a call that fails', () => {
  const cases: readonly { readonly fault: SlackFault; readonly posted: boolean }[] = [
    { fault: { status: 500 }, posted: false },
    { fault: { error: 'fatal_error' }, posted: false },
    { fault: { reset: 'before' }, posted: false },
    { fault: { reset: 'after' }, posted: true },
    { fault: { hang: 'before' }, posted: false },
    { fault: { hang: 'after' }, posted: true },
    { fault: { truncate: 'bytes' }, posted: true },
    { fault: { truncate: 'json' }, posted: true },
  ];

  it.each(cases)('by $fault has had its effect: $posted', async ({ fault, posted }) => {
    const hasty = clientOf(workspace, { timeoutMs: 300 });
    workspace.faults = [() => fault];

    await expect(hasty.chat.postMessage({ channel: 'C0KROPS', text: 'x' })).rejects.toThrow();

    await expect.poll(texts).toEqual(posted ? ['x'] : []);
  });

  it('late only comes late', async () => {
    workspace.faults = [() => ({ delayMs: 100 })];
    const began = performance.now();

    await post();

    expect(performance.now() - began).toBeGreaterThanOrEqual(99);
    expect(texts()).toEqual(['x']);
  });
});
