import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../http-server.ts';
import type { ResponseAddress } from '../model.ts';
import { RESPONSE_URL_LIFE_MS, type WorkspaceState } from '../state.ts';
import { SlackApiError } from '../web-api/api-error.ts';
import { AppAnswer, showAnswer } from './app-answer.ts';

const MAX_USES = 5;
const PATH = '/commands/respond/';

/** The addresses through which an app may answer an interaction: 5 times within 30 minutes. */
export class ResponseUrls {
  readonly #state: WorkspaceState;
  readonly #base: () => string;

  /** @param base where the workspace is served, ending with a slash */
  constructor(state: WorkspaceState, base: () => string) {
    this.#state = state;
    this.#base = base;
  }

  issue(to: Pick<ResponseAddress, 'user' | 'channel' | 'original' | 'threadTs'>): string {
    const address: ResponseAddress = {
      ...to,
      id: randomBytes(12).toString('hex'),
      issuedAt: this.#state.clock.now(),
      uses: 0,
    };
    this.#state.apply({ type: 'response_url', address });
    return `${this.#base().slice(0, -1)}${PATH}${address.id}`;
  }

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> {
    if (!url.pathname.startsWith(PATH)) return false;
    const body = (await readBody(request)).toString();
    try {
      this.#use(url.pathname.slice(PATH.length), body);
      await this.#state.saved();
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
    } catch (error) {
      if (!(error instanceof SlackApiError)) throw error;
      const gone = error.code === 'used_url' || error.code === 'expired_url';
      response.writeHead(gone ? 404 : 400, { 'content-type': 'text/plain' }).end(error.code);
    }
    return true;
  }

  #use(id: string, body: string): void {
    const address = this.#state.responseAddresses.get(id);
    if (!address || this.#state.clock.now() - address.issuedAt > RESPONSE_URL_LIFE_MS) {
      throw new SlackApiError('expired_url');
    }
    if (address.uses >= MAX_USES) throw new SlackApiError('used_url');
    showAnswer(this.#state, address, AppAnswer.parse(JSON.parse(body)));
    this.#state.apply({ type: 'response_url', address: { ...address, uses: address.uses + 1 } });
  }
}
