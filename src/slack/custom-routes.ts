import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';

/** An address of our server, such as `/healthz`. Who may use it is its handler's business. */
export interface CustomRoute {
  readonly path: string;
  readonly method: string[];
  readonly handler: (request: IncomingMessage, response: ServerResponse) => unknown;
}

/** A late error of a handler would end the process, and leave the request without an answer. */
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

export async function serveRoutes(
  routes: ReturnType<typeof safeRoutes>,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<Server> {
  const server = createServer((request, response) => {
    // not `new URL`, which throws at some of what can be asked for
    const [path] = (request.url ?? '/').split('?');
    const here = routes.filter((each) => each.path === path);
    const route = here.find((each) => each.method.includes(request.method ?? ''));
    if (route) route.handler(request, response);
    else if (here.length === 0) response.writeHead(404).end();
    else response.writeHead(405, { allow: here.flatMap(({ method }) => method).join(', ') }).end();
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ port, host }, resolve);
  await promise;
  return server;
}
