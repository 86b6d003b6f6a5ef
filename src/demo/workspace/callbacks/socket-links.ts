import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { APP_ID } from '../web-api/message-shape.ts';
import type { Callback, Reply, Transport } from './app-link.ts';
import { SocketLink } from './socket-link.ts';

const PATH = '/link';
/** Slack allows ten per app. */
const MOST = 10;
const LOOK_EVERY_MS = 10;

export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled';

/** Socket Mode: the connections that the app has opened, any of which takes a callback. */
export class SocketLinks implements Transport {
  readonly #url: () => string;
  readonly #answerTimeoutMs: number;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #links: SocketLink[] = [];
  #opened = 0;
  #turn = 0;
  #enabled = true;

  /** @param url where the workspace is served, ending with a slash */
  constructor(url: () => string, answerTimeoutMs: number) {
    this.#url = url;
    this.#answerTimeoutMs = answerTimeoutMs;
  }

  /** How many are open. */
  get open(): number {
    return this.#links.length;
  }

  /** How many there have been. */
  get opened(): number {
    return this.#opened;
  }

  /** Where the app may connect; undefined where Socket Mode is switched off. */
  issueUrl(): string | undefined {
    if (!this.#enabled) return undefined;
    return `${this.#url().replace(/^http/, 'ws').slice(0, -1)}${PATH}?app_id=${APP_ID}`;
  }

  /** True where the request was one of these. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (!request.url?.startsWith(PATH)) return false;
    this.#server.handleUpgrade(request, socket, head, (connection) => this.#welcome(connection));
    return true;
  }

  /**
   * One that closes before it has acknowledged leaves the callback to another, also to one that is opened only then. Gives
   * up after the time that Slack waits.
   */
  async send(callback: Callback): Promise<Reply> {
    const giveUp = AbortSignal.timeout(this.#answerTimeoutMs);
    for (let number = callback.retry?.number ?? 0; ; number += 1) {
      const link = await this.#next(giveUp);
      if (link === undefined) return { status: 'timeout' };
      const reason = number === 0 ? '' : (callback.retry?.reason ?? 'timeout');
      const reply = await link.deliver(callback, { number, reason, giveUp });
      if (reply !== undefined) return reply;
    }
  }

  /** As Slack does from time to time, to one connection or to all; after `link_disabled` none can be opened. */
  disconnect(reason: DisconnectReason, index?: number): void {
    if (reason === 'link_disabled') this.#enabled = false;
    const some = index === undefined ? [...this.#links] : this.#links.slice(index, index + 1);
    for (const link of some) link.disconnect(reason);
  }

  /** Lets the app connect again after `link_disabled`. */
  enable(): void {
    this.#enabled = true;
  }

  /** Lets one connection go dead: it stays open, and nothing is read or answered on it. */
  hang(index: number): void {
    this.#links[index]?.hang();
  }

  stop(): void {
    for (const link of [...this.#links]) link.cut();
    this.#server.close();
  }

  #welcome(connection: WebSocket): void {
    if (this.#links.length >= MOST) {
      connection.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets' }));
      connection.close();
      return;
    }
    const link = new SocketLink(connection);
    this.#links.push(link);
    this.#opened += 1;
    connection.on('close', () => this.#links.splice(this.#links.indexOf(link), 1));
    link.greet(this.#links.length);
  }

  /** In turn, so that each is used; waits for one where there is none. */
  async #next(giveUp: AbortSignal): Promise<SocketLink | undefined> {
    while (!giveUp.aborted) {
      const ready = this.#links.filter((link) => link.isReady);
      this.#turn += 1;
      const link = ready[this.#turn % ready.length];
      if (link !== undefined) return link;
      await delay(LOOK_EVERY_MS);
    }
    return undefined;
  }
}
