import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';

/** Another address of the same server, such as `/healthz`. Not signed by Slack: it looks after itself. */
export interface CustomRoute {
  readonly path: string;
  readonly method: string[];
  readonly handler: (request: IncomingMessage, response: ServerResponse) => unknown;
}

/** Bolt lets a late error of a handler end the process, and the request hang: ours end in an answer. */
export function safeRoutes(routes: readonly CustomRoute[], log: Logger) {
  return routes.map(({ path, method, handler }) => ({
    path,
    method,
    handler: (request: IncomingMessage, response: ServerResponse): void => {
      Promise.resolve()
        .then(() => handler(request, response))
        .catch((error: unknown) => {
          log.error({ path, err: error }, 'a request failed');
          if (!response.headersSent) response.writeHead(500);
          response.end();
        });
    },
  }));
}

/** Serves the routes where Slack itself needs no server: with Socket Mode. */
export async function serveRoutes(
  routes: ReturnType<typeof safeRoutes>,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const route = routes.find(
      (each) => each.path === pathname && each.method.includes(request.method ?? ''),
    );
    if (route) route.handler(request, response);
    else response.writeHead(404).end();
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ port, host }, resolve);
  await promise;
  return server;
}
