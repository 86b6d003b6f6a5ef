import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** The part of Slack that Socket Mode talks to: gives out addresses, takes connections, sends envelopes. */
export interface SocketSlack {
  readonly apiUrl: string;
  /** How many connections are open. */
  readonly open: () => number;
  /** How many there have been. */
  readonly opened: () => number;
  /** Sends an envelope over one connection; resolves once it is acknowledged over the same. */
  deliver(connection: number, type: string, payload: unknown): Promise<void>;
  /** Slack renews a connection from time to time. */
  renew(connection: number): void;
  /** Answers instead of an address, such as `invalid_auth`. */
  refuse: string | undefined;
  stop(): Promise<void>;
}

export async function startSocketSlack(): Promise<SocketSlack> {
  const connections: WebSocket[] = [];
  let opened = 0;
  const server = createServer((_request, response) => {
    const answer = slack.refuse
      ? { ok: false, error: slack.refuse }
      : { ok: true, url: `ws://127.0.0.1:${port}/link` };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (connection) => {
    connections.push(connection);
    opened += 1;
    connection.on('close', () => connections.splice(connections.indexOf(connection), 1));
    connection.send(JSON.stringify({ type: 'hello', num_connections: connections.length }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const slack: SocketSlack = {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    refuse: undefined,
    open: () => connections.length,
    opened: () => opened,
    deliver: (index, type, payload) => deliver(connections[index], { type, payload }),
    renew: (index) => {
      connections[index]?.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
    },
    async stop() {
      for (const connection of connections) connection.terminate();
      sockets.close();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
  return slack;
}

async function deliver(
  connection: WebSocket | undefined,
  envelope: { readonly type: string; readonly payload: unknown },
): Promise<void> {
  if (!connection) throw new Error('there is no such connection');
  const envelope_id = crypto.randomUUID();
  const acknowledged = new Promise<void>((resolve) => {
    connection.on('message', (data) => {
      if (String(data).includes(envelope_id)) resolve();
    });
  });
  connection.send(JSON.stringify({ ...envelope, envelope_id, accepts_response_payload: true }));
  await acknowledged;
}
