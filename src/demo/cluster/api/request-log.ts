/** One request that changed something, or tried to. */
export interface RequestRecord {
  /** When it arrived, in milliseconds. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** What the API decided, even where a fault kept the answer from the client; 0 where a fault kept the request out. */
  readonly status: number;
  readonly dryRun: boolean;
  readonly userAgent: string;
  readonly impersonate?: string;
  readonly body?: unknown;
}

/** What a rule sees of a request, reads included. */
interface FaultableRequest {
  readonly method: string;
  readonly path: string;
  readonly userAgent: string;
  readonly dryRun: boolean;
  readonly body?: unknown;
}

export interface Fault {
  /** Waits this long before the request is handled. */
  readonly delayMs?: number;
  /** Answers this status instead of handling the request. */
  readonly status?: number;
  /** In seconds, as the Retry-After header; with `status`. */
  readonly retryAfter?: number;
  /** Cuts the connection: `before` the request has its effect, or `after`, so that only the answer is lost. */
  readonly reset?: 'before' | 'after';
}

/** The first rule that returns a fault decides. */
export type FaultRule = (request: FaultableRequest) => Fault | undefined;
