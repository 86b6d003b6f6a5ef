import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoSeed } from '../../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';

describe('who may use the page', () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await startWorkspace({ seed: demoSeed });
  });

  afterEach(() => workspace.stop());

  it('lets no other site act through the browser of a visitor', async () => {
    const send = (origin: string) =>
      fetch(`${workspace.url}workspace/do`, {
        method: 'POST',
        headers: { origin },
        body: JSON.stringify({ do: 'send', as: 'U0MINA', channel: 'C0KROPS', text: 'hi' }),
      });

    expect((await send('https://elsewhere.example')).status).toBe(403);
    expect(workspace.messages('C0KROPS')).toEqual([]);
    expect((await send(workspace.url.slice(0, -1))).status).toBe(200);
    expect(workspace.messages('C0KROPS')).toMatchObject([{ text: 'hi' }]);
  });

  it('answers under no name but its own', async () => {
    expect(await statusFor('rebound.example')).toBe(403);
    expect(await statusFor('localhost:3000')).toBe(200);
  });

  it('shows nobody what is meant for others', async () => {
    const timeline = (as: string) =>
      fetch(`${workspace.url}workspace/timeline?as=${as}&channel=D0JUN`).then(
        ({ status }) => status,
      );
    await fetch(`${workspace.url}workspace/state?as=U0JUN`);

    expect(await timeline('U0JUN')).toBe(200);
    expect(await timeline('U0MINA')).toBe(403);
  });

  it('runs no script but its own', async () => {
    const { headers } = await fetch(workspace.url);

    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  /** fetch does not let a caller choose the host. */
  function statusFor(host: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      request(workspace.url, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  }
});
