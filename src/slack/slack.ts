import type { Logger } from 'pino';
import sql from 'sql-template-tag';
import type { Database, Queryable } from '../database/database.ts';
import type { RunbookCatalogue } from '../runbooks/runbook.ts';
import type { Runs } from '../runs/runs.ts';
import type { CustomRoute } from './custom-routes.ts';
import type { NamedCluster } from './messages/private-answer.ts';
import type { Pace } from './pace.ts';

/** What of the settings and the environment Slack needs. */
export interface SlackOptions {
  readonly settings: { readonly clusters: readonly NamedCluster[] };
  readonly environment: {
    readonly slackBotToken?: string | undefined;
    /** Of the app's HTTP requests. */
    readonly slackSigningSecret?: string | undefined;
    /** With it Slack is reached by Socket Mode. */
    readonly slackAppToken?: string | undefined;
    readonly slackApiUrl?: string | undefined;
    readonly port: number;
    readonly host: string;
  };
  readonly runs: Runs;
  readonly catalogue: RunbookCatalogue;
  readonly database: Database;
  readonly log: Logger;
  /** Served beside Slack's own address. */
  readonly customRoutes?: readonly CustomRoute[];
  /** How fast messages go out; Slack's own limits where it is not given. */
  readonly pace?: Pace;
}

/** Slack as the face of the runs: commands and clicks come in, messages go out. */
export interface SlackEdge {
  /** Where HTTP is listened on, custom routes included. */
  readonly port: number;
  /** Where Slack sends its requests; absent with Socket Mode. */
  readonly requestUrl?: string;
  /** Takes nothing more in, ends what is under way, keeps what is unsent for the next start. */
  stop(): Promise<void>;
}

/** Messages of a run that Slack refuses, all for one reason and in one place. */
export interface Undelivered {
  /** A channel's id, or a person's. */
  readonly channel: string;
  readonly messages: number;
  /** Slack's error code. */
  readonly failure: string;
  readonly advice: string;
}

/** What people in Slack do not see of a run; each message is tried again from time to time. */
export async function findUndelivered(database: Queryable, runId: string): Promise<Undelivered[]> {
  return database.query<Undelivered>(sql`
    select channel, count(*)::int as messages, failure, coalesce(max(advice), '') as advice
    from outbox_message
    where run_id = ${runId} and failure is not null and sent_hash is distinct from wanted_hash
    group by channel, failure order by channel, failure`);
}
