import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { readBody, sendJson } from '../http-server.ts';
import type { ApiCall } from '../model.ts';
import type { SlackFault, SlackFaultRule } from '../slack-fault.ts';
import { SlackApiError } from './api-error.ts';
import { chatMethods } from './chat.ts';
import { connectionMethods } from './connections.ts';
import { conversationMethods } from './conversations.ts';
import { keepOut, refuse, sendFaulty } from './faulty-answer.ts';
import { fileMethods } from './files.ts';
import { Installation } from './installation.ts';
import { markMethods } from './marks.ts';
import type { ApiContext, Method } from './method.ts';
import { peopleMethods } from './people.ts';
import type { RateLimits } from './rate-limits.ts';
import { viewMethods } from './views.ts';

const METHODS = new Map<string, Method>(
  Object.entries({
    ...chatMethods,
    ...connectionMethods,
    ...conversationMethods,
    ...fileMethods,
    ...markMethods,
    ...peopleMethods,
    ...viewMethods,
  }),
);
/** Calls remembered for tests and the curious; older ones are forgotten. */
const MAX_CALLS = 10_000;

type Args = Readonly<Record<string, unknown>>;

/** Slack's Web API under /api/, for one app. */
export class WebApi {
  readonly calls: ApiCall[] = [];
  readonly installation = new Installation();
  faults: SlackFaultRule[] = [];
  /** None where they are switched off. */
  limits: RateLimits | undefined;
  readonly #context: ApiContext;

  constructor(context: ApiContext) {
    this.#context = context;
  }

  /** The first fault that any rule sees in the call. */
  faultOf(name: string, args: Args): SlackFault | undefined {
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
    const refused = this.#refuse(response, { name, args, fault });
    if (refused !== undefined) {
      this.#record(name, args, refused);
      return true;
    }
    const answer = this.#call(name, args, given);
    response.setHeader('x-oauth-scopes', [...this.installation.scopes].join(','));
    this.#record(name, args, answer.ok ? undefined : answer.error);
    await this.#context.state.saved();
    if (fault === undefined) sendJson(response, 200, answer);
    else sendFaulty(response, answer, fault);
    return true;
  }

  /** Without any effect. Returns what is noted as the call's error. */
  #refuse(
    response: ServerResponse,
    call: { readonly name: string; readonly args: Args; readonly fault: SlackFault | undefined },
  ): string | undefined {
    const { name, args, fault } = call;
    const refused = fault && keepOut(response, fault);
    if (refused !== undefined) return refused;
    const retryAfter = this.limits?.take(name, args);
    return retryAfter === undefined ? undefined : refuse(response, { retryAfter });
  }

  #call(name: string, args: Args, token: unknown): Answer {
    const method = METHODS.get(name);
    if (!method) return { ok: false, error: 'unknown_method' };
    try {
      this.installation.check(name, args, token);
      return { ok: true, ...method(args, this.#context) };
    } catch (error) {
      if (error instanceof SlackApiError) return failure(error);
      throw error;
    }
  }

  #record(method: string, args: Args, error?: string): void {
    const at = this.#context.state.clock.now();
    this.calls.push({ at, method, args, ok: error === undefined, ...(error ? { error } : {}) });
    if (this.calls.length > MAX_CALLS) this.calls.shift();
  }
}

type Answer = { ok: true } | { ok: false; error: string };

function failure({ code, messages, fields }: SlackApiError): Answer {
  const said = { ok: false as const, error: code, ...fields };
  if (messages.length === 0) return said;
  const errors = messages.map((each) => each.replace('[ERROR] ', ''));
  return { ...said, ...{ errors, response_metadata: { messages } } };
}

function readArgs(request: IncomingMessage, url: URL, body: string): Record<string, unknown> {
  const query = Object.fromEntries(url.searchParams);
  if (request.headers['content-type']?.startsWith('application/json')) {
    return { ...query, ...(JSON.parse(body || '{}') as object) };
  }
  return { ...query, ...Object.fromEntries(new URLSearchParams(body)) };
}
