import type { IncomingMessage, ServerResponse } from 'node:http';
import sql from 'sql-template-tag';
import type { Database } from '../database/database.ts';

export interface Route {
  readonly path: string;
  readonly method: string[];
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
}

const PROBE_MS = 2000;

/** `/healthz`: the process answers. `/readyz`: it can also reach its database, without which nothing may be done. */
export function healthRoutes(database: Database): Route[] {
  return [
    {
      path: '/healthz',
      method: ['GET'],
      handler: (_request, response) => answer(response, 200, 'ok'),
    },
    {
      path: '/readyz',
      method: ['GET'],
      handler: (_request, response) => {
        // Bolt's custom routes must not throw late: every outcome ends in an answer here.
        reachable(database).then(
          () => answer(response, 200, 'ok'),
          () => answer(response, 503, 'the database cannot be reached'),
        );
      },
    },
  ];
}

async function reachable(database: Database): Promise<void> {
  await Promise.race([
    database.query(sql`select 1`),
    new Promise((_resolve, reject) => {
      setTimeout(() => reject(new Error('no answer')), PROBE_MS).unref();
    }),
  ]);
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
