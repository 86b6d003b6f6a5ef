import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Gate } from '../access/gate.ts';
import { ApiError } from '../registry/api-error.ts';
import { answer } from './answer.ts';
import type { Fault, FaultRule } from './fault.ts';
import { keepOut, sendFaulty } from './faulty-answer.ts';
import { watchPresenter } from './presentation.ts';
import type { ApiRequest, ApiResponse } from './request.ts';
import { isDryRun, readRequest } from './request.ts';
import type { RequestRecord } from './request-log.ts';
import type { Resources } from './resources.ts';
import { findTarget } from './routes.ts';
import { parseSelection } from './selection.ts';
import { sendAnswer } from './send-answer.ts';
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
      else sendAnswer(response, failed(error));
    }
  }

  async #serveWithFaults(request: ApiRequest, response: ServerResponse): Promise<void> {
    const at = this.#options.resources.registry.store.clock.now();
    const fault = this.#faultFor(request);
    if (fault?.delayMs !== undefined) await delay(fault.delayMs);
    const keptOut = fault && keepOut(response, fault);
    if (keptOut !== undefined) {
      this.#record(request, { at, status: keptOut });
      return;
    }
    if (isWatch(request)) {
      this.#watch(request, response, fault);
      return;
    }
    const answered = this.#answer(request);
    this.#record(request, { at, status: answered.status });
    if (fault === undefined) sendAnswer(response, answered);
    else sendFaulty(response, answered, fault);
  }

  #faultFor(request: ApiRequest): Fault | undefined {
    const { method, path, query, userAgent, body } = request;
    const watch = isWatch(request);
    const seen = { method, path, query, watch, userAgent, body, dryRun: isDryRun(request) };
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

  #watch(request: ApiRequest, response: ServerResponse, fault: Fault | undefined): void {
    this.#options.gate.admit(request);
    const { registry } = this.#options.resources;
    const target = findTarget(registry.store, request.path);
    if (target === undefined) {
      sendAnswer(response, pageNotFound);
      return;
    }
    const selection = parseSelection(target, request.query);
    const { bookmarkMs } = this.#options;
    const breaks = fault && 'watch' in fault ? fault : undefined;
    const present = watchPresenter({ kind: target.kind, request });
    const { query } = request;
    serveWatch(registry.store, { selection, query, bookmarkMs, breaks, present }, response);
  }

  #record(request: ApiRequest, outcome: { readonly at: number; readonly status: number }): void {
    if (request.method === 'GET' || isReview(request)) return;
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

/** Asks something by a POST: nothing is kept of it. */
function isReview({ path }: ApiRequest): boolean {
  return path.startsWith('/apis/authorization.k8s.io/');
}

function isWatch(request: ApiRequest): boolean {
  return request.method === 'GET' && ['1', 'true'].includes(request.query.get('watch') ?? '');
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
