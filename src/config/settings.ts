import type { Language } from '../language/text.ts';

/** What `handrail.yml` says, with paths made absolute and times in milliseconds. */
export interface Settings {
  readonly file: string;
  readonly runbooksDir: string;
  readonly clusters: readonly ClusterSettings[];
  /** The first rule that matches wins; a destructive plan without a rule is refused. */
  readonly approvals: readonly ApprovalRule[];
  /** Who in Slack an account of the command line is. */
  readonly identities: readonly { readonly account: string; readonly slack: string }[];
  readonly providers: {
    readonly webhook?: { readonly url: string; readonly secret: string };
  };
}

/** One cluster, found by its name or by its channel: both are unique. */
interface ClusterSettings {
  readonly name: string;
  readonly region: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly inCluster: boolean;
  readonly channel: string;
  /** Of the messages in that channel. */
  readonly language: Language;
  readonly provider: 'auto' | 'cluster-api' | 'karpenter' | 'webhook';
  readonly leaseNamespace: string;
  readonly criticalNamespaces: readonly string[];
  readonly tiles: readonly { readonly name: string; readonly services: readonly string[] }[];
}

interface ApprovalRule {
  /** A name, or `*`. */
  readonly runbook: string;
  readonly cluster: string;
  readonly risk: 'reversible' | 'destructive';
  readonly groups: readonly string[];
  readonly users: readonly string[];
  readonly quorum: number;
  readonly selfApproval: boolean;
  readonly expiresAfterMs: number;
}
