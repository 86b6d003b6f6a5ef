import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { readBody, sendJson } from '../http-server.ts';
import type { ApiCall, SlackFault, SlackFaultRule } from '../model.ts';
import { SlackApiError } from './api-error.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import { markMethods } from './marks.ts';
import type { ApiContext, Method } from './method.ts';
import { peopleMethods } from './people.ts';
import { viewMethods } from './views.ts';

const METHODS = new Map<string, Method>(
  Object.entries({
    ...chatMethods,
    ...conversationMethods,
    ...fileMethods,
    ...markMethods,
    ...peopleMethods,
    ...viewMethods,
  }),
);
/** Methods that need no token. */
const PUBLIC_METHODS = ['api.test'];
/** Calls remembered for tests and the curious; older ones are forgotten. */
const MAX_CALLS = 10_000;

/** Slack's Web API under /api/, for one app with one token. */
export class WebApi {
  readonly calls: ApiCall[] = [];
  faults: SlackFaultRule[] = [];
  readonly #context: ApiContext;
  /** The one token that is taken, xoxb-…. */
  readonly token: string;

  constructor(context: ApiContext, token: string) {
    this.#context = context;
    this.token = token;
  }

  /** The first fault that any rule sees in the call. */
  faultOf(name: string, args: Readonly<Record<string, unknown>>): SlackFault | undefined {
    for (const rule of this.faults) {
      const fault = rule(name, args);
      if (fault) return fault;
    }
    return undefined;
  }

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> {
    if (!url.pathname.startsWith('/api/')) return false;
    const name = url.pathname.slice('/api/'.length);
    const { token, ...args } = readArgs(request, url, (await readBody(request)).toString());
    const given = request.headers.authorization?.replace(/^Bearer /, '') ?? token;
    const fault = this.faultOf(name, args);
    if (fault?.delayMs !== undefined) await delay(fault.delayMs);
    if (refuse(response, fault)) {
      this.#record(name, args, `http_${fault?.status ?? 429}`);
      return true;
    }
    const answer =
      fault?.error === undefined ? this.#call(name, args, given) : failure(fault.error);
    this.#record(name, args, answer.ok ? undefined : answer.error);
    await this.#context.state.saved();
    if (fault?.loseAnswer) response.destroy();
    else sendJson(response, 200, answer);
    return true;
  }

  #call(name: string, args: Readonly<Record<string, unknown>>, token: unknown): Answer {
    const method = METHODS.get(name);
    if (!method) return failure('unknown_method');
    if (!PUBLIC_METHODS.includes(name)) {
      if (token === undefined) return failure('not_authed');
      if (token !== this.token) return failure('invalid_auth');
    }
    try {
      return { ok: true, ...method(args, this.#context) };
    } catch (error) {
      if (error instanceof SlackApiError) return failure(error.code, error.messages);
      throw error;
    }
  }

  #record(method: string, args: Readonly<Record<string, unknown>>, error?: string): void {
    const at = this.#context.state.clock.now();
    this.calls.push({ at, method, args, ok: error === undefined, ...(error ? { error } : {}) });
    if (this.calls.length > MAX_CALLS) this.calls.shift();
  }
}

type Answer = { ok: true } | { ok: false; error: string };

function failure(error: string, messages: readonly string[] = []): Answer {
  if (messages.length === 0) return { ok: false, error };
  const details = { errors: messages.map((each) => each.replace('[ERROR] ', '')) };
  return { ok: false, error, ...details, ...{ response_metadata: { messages } } };
}

/** Answers a call whose fault is one of transport: it takes no effect. */
function refuse(response: ServerResponse, fault: SlackFault | undefined): boolean {
  if (fault === undefined) return false;
  const status = fault.status ?? (fault.retryAfter === undefined ? 200 : 429);
  if (status === 200) return false;
  if (fault.retryAfter !== undefined) response.setHeader('retry-after', String(fault.retryAfter));
  sendJson(response, status, { ok: false, error: status === 429 ? 'ratelimited' : 'fatal_error' });
  return true;
}

function readArgs(request: IncomingMessage, url: URL, body: string): Record<string, unknown> {
  const query = Object.fromEntries(url.searchParams);
  if (request.headers['content-type']?.startsWith('application/json')) {
    return { ...query, ...(JSON.parse(body || '{}') as object) };
  }
  return { ...query, ...Object.fromEntries(new URLSearchParams(body)) };
}
