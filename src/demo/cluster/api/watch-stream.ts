import type { ServerResponse } from 'node:http';
import type { WatchBreak } from './fault.ts';

/** A watcher that lets this much pile up unread is cut off, as the API server does. */
const maximumUnreadBytes = 16 * 1024 * 1024;

/** The lines of one watch on their way to a client. */
export interface WatchStream {
  write(line: string): void;
  end(): void;
  /** Cuts off a client that does not read. */
  leaveSlowReader(): void;
}

export function watchStream(response: ServerResponse): WatchStream {
  return {
    write: (line) => void response.write(line),
    end: () => void response.end(),
    leaveSlowReader() {
      if (response.writableLength > maximumUnreadBytes) response.destroy();
    },
  };
}

/** One that breaks after so many lines; then neither lines nor an end come through. */
export function breakingStream(
  response: ServerResponse,
  { watch: how, afterEvents }: WatchBreak,
): WatchStream {
  const whole = watchStream(response);
  let left = afterEvents;
  const isBroken = () => left < 0;
  const breakOff = (line: string) => {
    left = -1;
    // A little later: what was written before is still on its way out.
    if (how === 'reset') setImmediate(() => response.destroy());
    if (how === 'half-line') response.end(line.slice(0, Math.ceil(line.length / 2)));
  };
  return {
    ...whole,
    write(line) {
      if (isBroken()) return;
      if (left === 0) {
        breakOff(line);
        return;
      }
      left -= 1;
      whole.write(line);
    },
    end() {
      if (!isBroken()) whole.end();
    },
  };
}
