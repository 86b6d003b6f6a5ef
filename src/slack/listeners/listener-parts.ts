import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Database } from '../../database/database.ts';
import type { RunbookCatalogue } from '../../runbooks/runbook.ts';
import type { Runs } from '../../runs/runs.ts';
import type { Directory } from '../directory.ts';
import type { NamedCluster } from '../messages/private-answer.ts';

/** What listeners work with. */
export interface ListenerParts {
  readonly runs: Runs;
  readonly catalogue: RunbookCatalogue;
  readonly clusters: readonly NamedCluster[];
  readonly database: Database;
  readonly directory: Directory;
  /** Short of patience: people wait. */
  readonly client: WebClient;
  readonly log: Logger;
}
