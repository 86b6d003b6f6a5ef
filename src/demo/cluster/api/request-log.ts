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
