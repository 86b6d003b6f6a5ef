import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Gate } from '../access/gate.ts';
import { ApiError } from '../registry/api-error.ts';
import { answer } from './answer.ts';
import type { ApiRequest, ApiResponse } from './request.ts';
import { isDryRun, readRequest } from './request.ts';
import type { Fault, FaultRule, RequestRecord } from './request-log.ts';
import type { Resources } from './resources.ts';
import { findTarget } from './routes.ts';
import { parseSelection } from './selection.ts';
import { serveWatch } from './watch.ts';

/** A request log longer than this loses its beginning. */
const maximumRecords = 100_000;

export interface ApiServerOptions {
  readonly resources: Resources;
  readonly gate: Gate;
  readonly bookmarkMs: number;
  readonly port: number;
}

/** Serves the API over HTTP on 127.0.0.1, and keeps the log of what was asked to be changed. */
export class ApiServer {
  readonly requests: RequestRecord[] = [];
  faults: FaultRule[] = [];
  readonly #options: ApiServerOptions;
  readonly #server: Server;

  constructor(options: ApiServerOptions) {
    this.#options = options;
    this.#server = createServer((message, response) => {
      void this.#serve(message, response);
    });
  }

  /** Returns the URL. @throws Error where the port is taken */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = await readRequest(message);
      await this.#serveWithFaults(request, response);
    } catch (error) {
      if (response.headersSent || response.destroyed) response.destroy();
      else send(response, failed(error));
    }
  }

  async #serveWithFaults(request: ApiRequest, response: ServerResponse): Promise<void> {
    const at = Date.now();
    const fault = this.#faultFor(request);
    if (fault?.delayMs !== undefined) await delay(fault.delayMs);
    if (fault?.reset === 'before') {
      this.#record(request, { at, status: 0 });
      response.destroy();
      return;
    }
    if (isWatch(request) && fault?.status === undefined) {
      this.#watch(request, response);
      return;
    }
    const answered =
      fault?.status === undefined ? this.#answer(request) : faulty(fault.status, fault);
    this.#record(request, { at, status: answered.status });
    if (fault?.reset === 'after') response.destroy();
    else send(response, answered);
  }

  #faultFor(request: ApiRequest): Fault | undefined {
    const { method, path, userAgent, body } = request;
    const seen = { method, path, userAgent, body, dryRun: isDryRun(request) };
    for (const rule of this.faults) {
      const fault = rule(seen);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #answer(request: ApiRequest): ApiResponse {
    try {
      const user = this.#options.gate.admit(request);
      return answer(this.#options.resources, request, user);
    } catch (error) {
      return failed(error);
    }
  }

  #watch(request: ApiRequest, response: ServerResponse): void {
    this.#options.gate.admit(request);
    const { registry } = this.#options.resources;
    const target = findTarget(registry.store, request.path);
    if (target === undefined) {
      send(response, pageNotFound);
      return;
    }
    const selection = parseSelection(target, request.query);
    const { bookmarkMs } = this.#options;
    serveWatch(registry.store, { selection, query: request.query, bookmarkMs }, response);
  }

  #record(request: ApiRequest, outcome: { readonly at: number; readonly status: number }): void {
    if (request.method === 'GET') return;
    this.requests.push({
      ...outcome,
      method: request.method,
      path: request.path,
      dryRun: isDryRun(request),
      userAgent: request.userAgent,
      ...(request.impersonate === undefined ? {} : { impersonate: request.impersonate }),
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    if (this.requests.length > maximumRecords) this.requests.shift();
  }
}

const pageNotFound: ApiResponse = { status: 404, body: '404 page not found\n' };

function isWatch(request: ApiRequest): boolean {
  return request.method === 'GET' && ['1', 'true'].includes(request.query.get('watch') ?? '');
}

function faulty(status: number, fault: Fault): ApiResponse {
  const error = new ApiError({
    code: status,
    reason: status === 429 ? 'TooManyRequests' : 'InternalError',
    message: `fault on demand: ${status}`,
  });
  const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
  return { status, body: error.status, headers };
}

function failed(error: unknown): ApiResponse {
  if (error instanceof ApiError) {
    const seconds = error.details?.retryAfterSeconds;
    const headers = seconds === undefined ? {} : { 'retry-after': String(seconds) };
    return { status: error.code, body: error.status, headers };
  }
  const message = `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`;
  const internal = new ApiError({ code: 500, reason: 'InternalError', message });
  return { status: 500, body: internal.status };
}

function send(response: ServerResponse, answered: ApiResponse): void {
  const isText = typeof answered.body === 'string';
  response.writeHead(answered.status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    ...answered.headers,
  });
  response.end(isText ? answered.body : JSON.stringify(answered.body));
}
