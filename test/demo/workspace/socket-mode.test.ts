import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { demoSeed } from '../../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';
import { clientOf } from './web-client.ts';

const CHANNEL = 'C0KROPS';

interface Heard {
  readonly type: string;
  readonly reason?: string;
  readonly envelope_id?: string;
  readonly num_connections?: number;
  readonly payload?: { readonly text?: string; readonly event_id?: string };
  readonly retry_attempt?: number;
}

/** A connection of the app that acknowledges when the test says so. */
class Connection {
  readonly heard: Heard[] = [];
  readonly socket: WebSocket;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data) => this.heard.push(JSON.parse(String(data))));
  }

  async hear(type: string): Promise<Heard> {
    return vi.waitFor(() => {
      const found = this.heard.find((each) => each.type === type);
      if (!found) throw new Error(`nothing of ${type}`);
      return found;
    });
  }

  acknowledge({ envelope_id }: Heard, payload?: unknown): void {
    this.socket.send(
      JSON.stringify({ envelope_id, ...(payload === undefined ? {} : { payload }) }),
    );
  }
}

let workspace: Workspace;
beforeEach(async () => {
  workspace = await startWorkspace({
    seed: demoSeed,
    answerTimeoutMs: 500,
    eventRetryDelaysMs: [0],
  });
});
afterEach(() => workspace.stop());

async function connect(): Promise<Connection> {
  const client = clientOf(workspace, { token: workspace.appToken });
  const { url } = await client.apps.connections.open();
  const connection = new Connection(String(url));
  await connection.hear('hello');
  return connection;
}

describe('a connection', () => {
  it('is greeted with how many there are', async () => {
    await connect();
    const second = await connect();

    expect((await second.hear('hello')).num_connections).toBe(2);
    expect(workspace.sockets.open).toBe(2);
  });

  it('takes commands, and answers with its acknowledgement', async () => {
    const connection = await connect();
    const typing = workspace.slash('U0MINA', CHANNEL, 'list');
    const envelope = await connection.hear('slash_commands');

    connection.acknowledge(envelope, { text: 'here it is' });

    await expect(typing).resolves.toEqual({});
    expect(envelope.payload?.text).toBe('list');
    expect(workspace.ephemerals('U0MINA')).toMatchObject([{ text: 'here it is' }]);
  });

  it('that does not acknowledge in time lets the person see that', async () => {
    await connect();

    await expect(workspace.slash('U0MINA', CHANNEL, 'list')).resolves.toEqual({
      problem: '/runbook failed with the error "operation_timeout"',
    });
  });

  it('that does not acknowledge an event is sent it again under the same id', async () => {
    const connection = await connect();

    await workspace.mention('U0MINA', CHANNEL, 'list');
    await vi.waitFor(() => expect(eventsOf(connection)).toHaveLength(2));

    expect(eventsOf(connection).map((each) => each.retry_attempt)).toEqual([0, 1]);
    expect(new Set(eventsOf(connection).map((each) => each.payload?.event_id)).size).toBe(1);
  });
});

describe('a connection that ends', () => {
  it.each(['warning', 'refresh_requested'] as const)(
    'is told so by %s, and takes nothing new',
    async (reason) => {
      const [leaving, staying] = [await connect(), await connect()];
      workspace.sockets.disconnect(reason, 0);
      expect((await leaving.hear('disconnect')).reason).toBe(reason);

      const typing = workspace.slash('U0MINA', CHANNEL, 'list');
      staying.acknowledge(await staying.hear('slash_commands'));

      await expect(typing).resolves.toEqual({});
    },
  );

  it('leaves what it has not acknowledged to the other', async () => {
    const both = [await connect(), await connect()];
    const typing = workspace.slash('U0MINA', CHANNEL, 'list');
    const first = await vi.waitFor(() => {
      const found = both.find(({ heard }) => heard.some(({ type }) => type === 'slash_commands'));
      if (!found) throw new Error('not delivered');
      return found;
    });
    first.socket.close();

    const other = both.find((each) => each !== first);
    const envelope = await other?.hear('slash_commands');
    if (envelope) other?.acknowledge(envelope);

    await expect(typing).resolves.toEqual({});
    expect(envelope).toMatchObject({ retry_attempt: 1, payload: { text: 'list' } });
  });

  it('leaves it to one that is opened only then', async () => {
    const first = await connect();
    const typing = workspace.slash('U0MINA', CHANNEL, 'list');
    await first.hear('slash_commands');
    first.socket.close();

    const second = await connect();
    second.acknowledge(await second.hear('slash_commands'));

    await expect(typing).resolves.toEqual({});
  });

  it('cannot be opened again while Socket Mode is switched off', async () => {
    const connection = await connect();
    workspace.sockets.disconnect('link_disabled');
    await connection.hear('disconnect');

    await expect(connect()).rejects.toMatchObject({ data: { error: 'access_denied' } });
    await vi.waitFor(() => expect(workspace.sockets.open).toBe(0));
    workspace.sockets.enable();
    await expect(connect()).resolves.toBeDefined();
  });
});

function eventsOf({ heard }: Connection): Heard[] {
  return heard.filter(({ type }) => type === 'events_api');
}
