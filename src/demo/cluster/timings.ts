/** How long things take in the simulated cluster, in milliseconds. The defaults suit tests; a demo wants longer ones. */
export interface Timings {
  /** From binding to Ready, times the pod's annotation `simulation/start-factor`. */
  readonly podStartMs: number;
  /** What a pull of an image takes besides its bytes, times the slowness of registry and node. */
  readonly pullRequestMs: number;
  /** What each megabyte of an image takes, times the slowness of registry and node. */
  readonly pullMegabyteMs: number;
  /** From a container's start until it uses the memory that its pod's annotation `simulation/memory-use` names. */
  readonly memoryGrowthMs: number;
  /** From the request to delete until the pod is gone, times `simulation/stop-factor`; at most its grace period. */
  readonly podStopMs: number;
  /** How long a Job's container runs, times `simulation/run-factor`. */
  readonly jobRunMs: number;
  /** How far the disruption controller lags behind the pods. */
  readonly budgetDelayMs: number;
  readonly schedulerMs: number;
  /** How far the workload controllers lag behind. */
  readonly controllerMs: number;
  /** From a new Machine or NodeClaim to its node's Ready. */
  readonly machineBootMs: number;
  /** From the deletion of a Machine or NodeClaim until its node is off. */
  readonly machineStopMs: number;
  /** How often a kubelet renews its Lease. */
  readonly heartbeatMs: number;
  /** How long a kubelet may be silent before its node turns Unknown. */
  readonly nodeGraceMs: number;
  /** From the node's end until its pods are cleared away. */
  readonly podGcMs: number;
  /** How long one second of the API's own durations lasts (grace periods, tolerationSeconds, disruptedPods). */
  readonly secondMs: number;
  readonly bookmarkMs: number;
  /** How long a `continue` token stays good. */
  readonly continueMs: number;
}

export const defaultTimings: Timings = {
  podStartMs: 60,
  pullRequestMs: 0,
  pullMegabyteMs: 0,
  memoryGrowthMs: 60,
  podStopMs: 40,
  jobRunMs: 60,
  budgetDelayMs: 10,
  schedulerMs: 5,
  controllerMs: 5,
  machineBootMs: 150,
  machineStopMs: 50,
  heartbeatMs: 200,
  nodeGraceMs: 1000,
  podGcMs: 50,
  secondMs: 100,
  bookmarkMs: 1000,
  continueMs: 300_000,
};

/**
 * A cluster that nobody has tuned, v1.33. Durations that have no default are usual ones: how long containers, machines and
 * Jobs take.
 */
export const realTimings: Timings = {
  podStartMs: 4000,
  pullRequestMs: 400,
  // 50 MB/s
  pullMegabyteMs: 20,
  memoryGrowthMs: 30_000,
  podStopMs: 2000,
  jobRunMs: 10_000,
  budgetDelayMs: 100,
  schedulerMs: 20,
  controllerMs: 20,
  machineBootMs: 120_000,
  machineStopMs: 30_000,
  // kubelet: nodeLeaseDurationSeconds (40) times the share at which it renews, a quarter
  heartbeatMs: 10_000,
  // kube-controller-manager --node-monitor-grace-period; 40 s before v1.32
  nodeGraceMs: 50_000,
  // pkg/controller/podgc: the quarantine of nodes that are gone
  podGcMs: 40_000,
  secondMs: 1000,
  // watch cache: defaultBookmarkFrequency
  bookmarkMs: 60_000,
  // kube-apiserver --etcd-compaction-interval
  continueMs: 300_000,
};
