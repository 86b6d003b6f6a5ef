import type { Logger } from 'pino';
import type { Action, ClusterFacts } from '../actions/action.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Cluster } from '../kubernetes/kubernetes.ts';
import type { MachineProviders } from '../provider/provider.ts';
import type { RunbookCatalogue } from '../runbooks/runbook.ts';
import type { WorkflowEngine } from '../workflow/workflow.ts';
import type { ApprovalRule } from './approval-policy.ts';

export interface KnownCluster {
  readonly client: Cluster;
  readonly facts: ClusterFacts;
}

/** What planning stands on: it only reads clusters, and keeps nothing. */
export interface PlanEnvironment {
  readonly clusters: ReadonlyMap<string, KnownCluster>;
  readonly catalogue: RunbookCatalogue;
  readonly actions: ReadonlyMap<string, Action>;
  readonly providers: MachineProviders;
  readonly clock: Clock;
}

/** What runs stand on; joined in app.ts. */
export interface RunEnvironment extends PlanEnvironment {
  readonly database: Database;
  readonly engine: WorkflowEngine;
  readonly approvalRules: readonly ApprovalRule[];
  readonly log: Logger;
  /** Aborts when the process is asked to end: what runs then goes on in the next process. */
  readonly shutdown: AbortSignal;
}
