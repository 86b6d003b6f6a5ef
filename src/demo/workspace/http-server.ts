import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers the request, or returns false when the path is not its own. */
export type Route = (
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
) => Promise<boolean> | boolean;

/** Longest body taken, in bytes: Slack's own uploads go elsewhere, and nothing here needs more. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;

export interface ListeningServer {
  /** Ends with a slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** Takes over the connection of a WebSocket, or returns false when the path is not its own. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;

/** Serves the routes, first match wins, on 127.0.0.1; port 0 takes a free one. */
export async function listen(
  port: number,
  routes: readonly Route[],
  upgrade: Upgrade,
): Promise<ListeningServer> {
  const server = createServer((request, response) => {
    answer(routes, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(error instanceof Error ? error.message : String(error));
    });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isLocal(request.headers.host) || !upgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${portOf(server)}/`, close: () => close(server) };
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`body of more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

async function answer(
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isLocal(request.headers.host)) {
    sendJson(response, 403, { ok: false, error: 'open this page as http://127.0.0.1' });
    return;
  }
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  for (const route of routes) {
    if (await route(request, response, url)) return;
  }
  sendJson(response, 404, { ok: false, error: 'not_found' });
}

/** Another name for this address is a site that tries to reach the workspace through a visitor's browser. */
function isLocal(host = ''): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(host.replace(/:\d+$/, ''));
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections(); // open pages hold a stream that never ends by itself
  });
}
