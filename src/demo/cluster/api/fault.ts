/** What a rule sees of a request, reads included. */
interface FaultableRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Asks for a stream of changes. */
  readonly watch: boolean;
  readonly userAgent: string;
  readonly dryRun: boolean;
  readonly body?: unknown;
}

/** `before` the request has its effect, or `after`, so that only the answer is lost. */
type When = 'before' | 'after';

/** What goes wrong with one request: one thing, and perhaps late. */
export type Fault = { readonly delayMs?: number } & (
  | { readonly delayMs: number }
  | Refusal
  | { readonly reset: When }
  /** The request is read, and nothing ever comes back; the connection stays open. */
  | { readonly hang: When }
  /** After the effect: `bytes` end before the promised length, `json` ends in the middle of a whole HTTP answer. */
  | { readonly truncate: 'bytes' | 'json' }
  | ProxyPage
  | WatchBreak
);

/** The API refuses instead of handling the request. */
export interface Refusal {
  readonly status: number;
  /** In seconds, as the Retry-After header. With 429: the answer of API priority and fairness. */
  readonly retryAfter?: number;
}

/** Something between client and API answers with a page for people. */
export interface ProxyPage {
  readonly html: number;
  readonly when: When;
}

/** After so many events of a watch: no further byte on an open connection, a cut connection, or an end within a line. */
export interface WatchBreak {
  readonly watch: 'silence' | 'reset' | 'half-line';
  readonly afterEvents: number;
}

/** The first rule that returns a fault decides. */
export type FaultRule = (request: FaultableRequest) => Fault | undefined;
