/** A cluster that somebody named: `npm run test:cluster`. */
export interface GivenCluster {
  /** Kubeconfig files, merged as kubectl merges them; empty where KUBECONFIG is not set. */
  readonly kubeconfigs: readonly string[];
  /** Which of the kubeconfig's contexts; needed where it has several. */
  readonly context: string;
  /** What its nodes can pull, with `sh`, `sleep` and `true` in it. */
  readonly image: string;
  /** HANDRAIL_TEST_CLUSTER: the sentence that lets a cluster be used that looks like one in production. */
  readonly consent: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Null: each test file starts a simulated cluster for itself. */
    cluster: GivenCluster | null;
    /** What is created in a given cluster is labelled with this, and removed by it. */
    clusterRun: string;
  }
}

/** The label, or annotation, of all that the suite makes or changes outside of its namespaces, and of these. */
export const runLabel = 'handrail-contract-test';
