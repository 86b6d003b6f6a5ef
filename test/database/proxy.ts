import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a Postgres that can be closed, so that it is away for whoever takes it, and for nobody else. */
export interface DatabaseProxy {
  readonly url: string;
  /** Ends what is open and refuses what comes. */
  close(): Promise<void>;
  /** At the same port as before. */
  open(): Promise<void>;
}

/** @param url of a Postgres that listens on a Unix socket */
export async function startProxy(url: string): Promise<DatabaseProxy> {
  const behind = new URL(url);
  const socket = `${behind.searchParams.get('host')}/.s.PGSQL.5432`;
  const open = new Set<Socket>();
  const keep = (connection: Socket) => {
    open.add(connection);
    connection.on('error', () => connection.destroy());
    connection.on('close', () => open.delete(connection));
  };
  const server = createServer((coming) => {
    const going = connect(socket);
    keep(coming);
    keep(going);
    coming.pipe(going).pipe(coming);
  });
  const port = await listen(server, 0);
  const front = new URL(url);
  front.searchParams.delete('host');
  front.hostname = '127.0.0.1';
  front.port = String(port);
  return {
    url: front.href,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of open) connection.destroy();
      await closed;
    },
    async open() {
      await listen(server, port);
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
