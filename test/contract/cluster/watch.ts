import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import type { Json } from './json.ts';

/** A watch that is being read: what has come so far, and whether the server has ended it. */
export class Watch {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly events: Json[] = [];
  hasEnded = false;
  readonly #response: IncomingMessage;

  constructor(response: IncomingMessage) {
    this.#response = response;
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    const lines = createInterface({ input: response });
    lines.on('line', (line) => this.events.push(JSON.parse(line)));
    response.on('end', () => {
      this.hasEnded = true;
    });
    // A watch that is closed from here ends with an error that says no more than that.
    response.on('error', () => undefined);
  }

  /** Events but bookmarks: `ADDED web-0`. */
  changes(): string[] {
    return this.events
      .filter(({ type }) => type !== 'BOOKMARK')
      .map(({ type, object }) => `${type} ${object.metadata.name}`);
  }

  close(): void {
    this.#response.destroy();
  }
}
