/**
 * What the page shows of a cluster, small enough to be sent several times a second. The workspace knows nothing else of
 * clusters: whoever starts it brings a source for each.
 */
export interface ClusterSource {
  readonly name: string;
  /** As it is now. Asked only while somebody looks at the page. */
  read(): ClusterView;
}

export interface ClusterView {
  readonly nodes: readonly NodeView[];
  readonly budgets: readonly BudgetView[];
  readonly totals: ClusterTotals;
}

/** Of all there is, shown or not. */
interface ClusterTotals {
  readonly nodes: number;
  readonly budgets: number;
  readonly pods: Readonly<Record<PodState, number>>;
}

export type NodeState =
  | 'Ready'
  | 'NotReady'
  | 'Unknown'
  | 'cordoned'
  | 'going away'
  | 'new'
  | 'booting'
  | 'no node yet';

export interface NodeView {
  readonly id: string;
  readonly name: string;
  readonly states: readonly NodeState[];
  readonly pods: readonly PodView[];
  /** Pods on it that are not among `pods`. */
  readonly morePods: number;
}

export type PodState =
  | 'waiting'
  | 'starting'
  | 'running'
  | 'not ready'
  | 'leaving'
  | 'done'
  | 'failed';

export interface PodView {
  readonly id: string;
  /** `namespace/name`. */
  readonly name: string;
  /** `namespace/name` of what replaces it when it leaves; absent for a pod that nothing brings back. */
  readonly workload?: string;
  readonly state: PodState;
  /** Bound to its node: a drain leaves it where it is. */
  readonly stays?: true;
}

export interface BudgetView {
  /** `namespace/name`. */
  readonly name: string;
  /** Healthy pods it demands, and those there are. */
  readonly needs: number;
  readonly has: number;
  /** How many may be evicted now. */
  readonly mayGo: number;
}
