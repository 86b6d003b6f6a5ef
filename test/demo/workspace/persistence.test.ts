import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoSeed } from '../../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';

describe('the data file', () => {
  let directory: string;
  let dataFile: string;
  let workspace: Workspace | undefined;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'workspace-'));
    dataFile = join(directory, 'workspace.jsonl');
  });

  afterEach(async () => {
    await workspace?.stop();
    await rm(directory, { recursive: true });
  });

  async function start() {
    workspace = await startWorkspace({ seed: demoSeed, dataFile });
    const client = new WebClient(workspace.botToken, { slackApiUrl: workspace.apiUrl });
    return { workspace, client };
  }

  it('brings everything back after a restart, and goes on counting from there', async () => {
    const before = await start();
    const posted = await before.client.chat.postMessage({ channel: 'C0KROPS', text: 'first' });
    const ts = String(posted.ts);
    await before.client.chat.update({ channel: 'C0KROPS', ts, text: 'second' });
    await before.client.chat.postMessage({ channel: 'U0JUN', text: 'private' });
    await before.workspace.setGroupMembers('S0SRE', ['U0JUN']);
    await before.workspace.stop();

    const after = await start();
    const next = await after.client.chat.postMessage({ channel: 'C0KROPS', text: 'third' });

    expect(after.workspace.messages('C0KROPS').map(({ text }) => text)).toEqual([
      'second',
      'third',
    ]);
    expect(after.workspace.messages('D0JUN')).toMatchObject([{ text: 'private' }]);
    expect((await after.client.usergroups.users.list({ usergroup: 'S0SRE' })).users).toEqual([
      'U0JUN',
    ]);
    expect(Number(next.ts)).toBeGreaterThan(Number(ts));
  });

  it('holds all that was answered when the process is killed', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', postingProgram(dataFile)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGKILL');
    await once(child, 'exit');

    const { workspace: after } = await start();

    expect(line.toString()).toContain('posted 20');
    expect(after.messages('C0KROPS')).toHaveLength(20);
  });

  it('forgets what has been overtaken when the file has grown long', async () => {
    const before = await start();
    const { ts } = await before.client.chat.postMessage({ channel: 'C0KROPS', text: 'run' });
    await before.client.chat.postMessage({
      channel: 'C0KROPS',
      thread_ts: String(ts),
      text: 'step',
    });
    for (let count = 1; count <= 2001; count++) {
      await before.workspace.say('U0MINA', 'C0GENERAL', `line ${count}`);
    }
    await before.workspace.setGroupMembers('S0SRE', ['U0JUN']);
    await before.workspace.setGroupMembers('S0SRE', ['U0SORA']);
    const messages = ['C0KROPS', 'C0GENERAL'].map((id) => before.workspace.messages(id));
    await before.workspace.stop();

    const between = await start();
    await between.workspace.stop();
    const { workspace: after, client } = await start();

    expect(['C0KROPS', 'C0GENERAL'].map((id) => after.messages(id))).toEqual(messages);
    expect((await client.usergroups.users.list({ usergroup: 'S0SRE' })).users).toEqual(['U0SORA']);
    const groupLines = (await readFile(dataFile, 'utf8')).match(/"type":"group"/g);
    expect(groupLines).toHaveLength(1);
  });

  it('ignores a last line that was torn, and writes on behind the whole ones', async () => {
    const before = await start();
    await before.client.chat.postMessage({ channel: 'C0KROPS', text: 'whole' });
    await before.workspace.stop();
    await appendFile(dataFile, '{"type":"message","message":{"channel":"C0KR');

    const torn = await start();
    await torn.client.chat.postMessage({ channel: 'C0KROPS', text: 'next' });
    await torn.workspace.stop();
    const { workspace: after } = await start();

    expect(after.messages('C0KROPS').map(({ text }) => text)).toEqual(['whole', 'next']);
  });
});

/** Posts 20 messages, says so, and waits to be killed. */
function postingProgram(dataFile: string): string {
  const module = (name: string) => JSON.stringify(resolve('src/demo/workspace', name));
  return `
    import { demoSeed } from ${module('seed.ts')};
    import { startWorkspace } from ${module('workspace.ts')};
    const workspace = await startWorkspace({ seed: demoSeed, dataFile: ${JSON.stringify(dataFile)} });
    for (let count = 0; count < 20; count++) {
      await fetch(workspace.apiUrl + 'chat.postMessage', {
        method: 'POST',
        headers: { authorization: 'Bearer ' + workspace.botToken },
        body: new URLSearchParams({ channel: 'C0KROPS', text: String(count) }),
      });
    }
    process.stdout.write('posted 20');
  `;
}
