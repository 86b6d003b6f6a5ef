import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ClientLimits } from '../../src/kubernetes/client-limits.ts';
import { connectCluster } from '../../src/kubernetes/connect-cluster.ts';
import type { Cluster } from '../../src/kubernetes/kubernetes.ts';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface LocalApiServer {
  readonly url: string;
  readonly cluster: Cluster;
  /** What has arrived, in order. */
  readonly seen: readonly SeenRequest[];
  /** How many connections were opened in all. */
  readonly connections: () => number;
  stop(): Promise<void>;
}

type Answer = (request: SeenRequest, response: ServerResponse) => void;

/** Small numbers, so that what takes seconds in production takes milliseconds here. */
export const quickLimits: Partial<ClientLimits> = {
  callTimeoutMs: 300,
  readBudgetMs: 3_000,
  baseBackoffMs: 5,
  maxBackoffMs: 40,
  watchIdleMs: 300,
};

/** A real server on a real socket, answering as the test says. */
export async function startLocalApiServer(
  answer: Answer,
  limits: Partial<ClientLimits> = quickLimits,
): Promise<LocalApiServer> {
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const arrived: SeenRequest = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: await text(request),
    };
    seen.push(arrived);
    answer(arrived, response);
  });
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const directory = await mkdtemp(join(tmpdir(), 'handrail-test-'));
  const kubeconfig = join(directory, 'kubeconfig.yml');
  await writeFile(kubeconfig, kubeconfigFor('kr', url));
  return {
    url,
    cluster: connectCluster({ name: 'kr', kubeconfig, context: 'kr', inCluster: false }, limits),
    seen,
    connections: () => connections,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true });
    },
  };
}

export function kubeconfigFor(name: string, server: string, token = `token-of-${name}`): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function sendStatus(response: ServerResponse, code: number, rest: object = {}): void {
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, ...rest };
  sendJson(response, code, body);
}

export function nodeBody(name: string, resourceVersion = '1'): object {
  return { metadata: { name, uid: `uid-${name}`, resourceVersion }, spec: {}, status: {} };
}
