import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoSeed } from '../../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';
import { temporaryDataDir } from '../../temporary-data-dir.ts';

describe('how far somebody has read', () => {
  let dataDir: Awaited<ReturnType<typeof temporaryDataDir>>;
  let workspace: Workspace;

  const start = () =>
    startWorkspace({ seed: demoSeed, dataFile: `${dataDir.path}/workspace.jsonl` });

  beforeEach(async () => {
    dataDir = await temporaryDataDir();
    workspace = await start();
  });
  afterEach(async () => {
    await workspace.stop();
    await dataDir.remove();
  });

  async function unreadOf(user: string): Promise<number> {
    const response = await fetch(`${workspace.url}workspace/state?as=${user}`);
    const { unread } = (await response.json()) as {
      unread: { channel: string; unread: number }[];
    };
    return unread.find(({ channel }) => channel === 'C0KROPS')?.unread ?? -1;
  }

  async function read(user: string, { ts }: { readonly ts: string }): Promise<void> {
    const body = JSON.stringify({ do: 'read', as: user, place: 'C0KROPS', ts });
    await fetch(`${workspace.url}workspace/do`, { method: 'POST', body });
  }

  it('counts what others have said since, and nothing of their own', async () => {
    const first = await workspace.say('U0MINA', 'C0KROPS', 'kr-b-2 flaps');
    await workspace.say('U0JUN', 'C0KROPS', 'I look at it');

    expect(await unreadOf('U0MINA')).toBe(1);
    expect(await unreadOf('U0JUN')).toBe(1);
    expect(await unreadOf('U0SORA')).toBe(2);
    await read('U0SORA', first);
    expect(await unreadOf('U0SORA')).toBe(1);
  });

  it('does not count replies, which are counted at their thread', async () => {
    const { ts } = await workspace.say('U0MINA', 'C0KROPS', 'kr-b-2 flaps');
    await workspace.say('U0JUN', 'C0KROPS', 'I look at it', ts);

    expect(await unreadOf('U0MINA')).toBe(0);
  });

  it('never goes back, and outlives a restart', async () => {
    const first = await workspace.say('U0MINA', 'C0KROPS', 'kr-b-2 flaps');
    const second = await workspace.say('U0MINA', 'C0KROPS', 'again');
    await read('U0JUN', second);
    await read('U0JUN', first);
    expect(await unreadOf('U0JUN')).toBe(0);

    await workspace.stop();
    workspace = await start();

    expect(await unreadOf('U0JUN')).toBe(0);
    expect(await unreadOf('U0SORA')).toBe(2);
  });
});
