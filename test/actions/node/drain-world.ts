import type { Effect, StepOutcome, StepPlan } from '../../../src/actions/action.ts';
import { drainNode } from '../../../src/actions/node/drain.ts';
import type { DrainInput } from '../../../src/actions/node/drain-input.ts';
import { Pod } from '../../../src/kubernetes/resources/pod.ts';
import { inEnglish } from '../../../src/language/translate.ts';
import { emptyMemory, executeContext, type Memory } from '../execute-context.ts';
import { budget, deployment, node } from '../manifests.ts';
import { isReady, startTestWorld, type TestWorld } from '../test-world.ts';

type Facts = Parameters<TestWorld['context']>[0];

const SSD = { disk: 'ssd' };

/** Plans and carries out drains of `w-1` in a world of three nodes. */
export interface DrainWorld extends TestWorld {
  plan(options?: Facts & { input?: Partial<DrainInput> }): Promise<StepPlan>;
  /** With the node cordoned, as a step before the drain would leave it. */
  planCordoned(options?: Parameters<DrainWorld['plan']>[0]): Promise<StepPlan>;
  /** The effects of that plan. */
  planned(options?: Parameters<DrainWorld['plan']>[0]): Promise<readonly Effect[]>;
  /** One process's life; `memory` is what it shares with the one before. */
  drain(
    approved: readonly Effect[],
    options?: Facts & {
      input?: Partial<DrainInput>;
      memory?: Memory;
      stopped?: () => boolean;
      diesAfter?: (effect: Effect) => boolean;
    },
  ): Promise<StepOutcome>;
}

export async function startDrainWorld(
  timings: Parameters<typeof startTestWorld>[1] = {},
): Promise<DrainWorld> {
  const nodes = [
    node('w-1', { metadata: { labels: SSD } }),
    node('w-2', { metadata: { labels: SSD } }),
    node('w-3'),
  ];
  const test = await startTestWorld(nodes, timings);
  // Single pods are evicted here like any other, so that few manifests tell much; drain-surge.test.ts has them restarted.
  const inputOf = (changes: Partial<DrainInput> = {}): DrainInput => ({
    ...drainNode.input.parse({ node: 'w-1', surge: false }),
    ...changes,
  });
  const plan: DrainWorld['plan'] = (options = {}) =>
    drainNode.plan(test.context(options), inputOf(options.input));
  const planCordoned: DrainWorld['planCordoned'] = (options) => {
    test.cordon('w-1');
    return plan(options);
  };
  return {
    ...test,
    plan,
    planCordoned,
    planned: async (options) => (await planCordoned(options)).effects,
    drain: (approved, options = {}) => {
      const { memory = emptyMemory(), stopped, diesAfter } = options;
      const context = executeContext(test.context(options), {
        memory,
        approved,
        ...(stopped && { stopped }),
        ...(diesAfter && { diesAfter }),
      });
      return drainNode.execute(context, inputOf(options.input));
    },
  };
}

/** Two Ready pods of `api` on w-1 under a budget that needs two, for the third finds no node but w-2, which is cordoned. */
export async function shortOfOne(test: DrainWorld): Promise<void> {
  await test.place('w-1', [
    deployment('api', { replicas: 2, pod: { nodeSelector: SSD } }),
    budget('api', { minAvailable: 2 }),
  ]);
  for (const name of ['w-1', 'w-2']) test.cordon(name);
  test.world.apply(deployment('api', { replicas: 3, pod: { nodeSelector: SSD } }));
  await test.budget('api', { expectedPods: 3, currentHealthy: 2, disruptionsAllowed: 0 });
}

/** Has the pods of an app fail their readiness probe. */
export async function unready({ world, ready }: DrainWorld, app: string): Promise<void> {
  const pods = world.list('Pod', 'web').filter(({ metadata }) => metadata.labels?.['app'] === app);
  for (const pod of pods) {
    const annotations = { ...pod.metadata.annotations, 'simulation/ready': 'false' };
    world.apply({ ...pod, metadata: { ...pod.metadata, annotations } });
  }
  await ready(app, 0);
}

/** The fewest Ready pods of an app that were ever seen while something was going on. */
export async function fewestReady(
  { world }: DrainWorld,
  app: string,
  during: Promise<unknown>,
): Promise<number> {
  let fewest = Number.POSITIVE_INFINITY;
  let isOver = false;
  const over = during.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const pods = world.list('Pod', 'web').map((pod) => Pod.schema.parse(pod));
    const ready = pods.filter((pod) => pod.metadata.name.startsWith(`${app}-`) && isReady(pod));
    fewest = Math.min(fewest, ready.length);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await over;
  return fewest;
}

/** The verdict on each pod of a plan, by the name of its app. */
export function verdicts(plan: StepPlan): Record<string, string> {
  const finding = plan.findings.find(({ title }) => inEnglish(title).startsWith('Pods on'));
  const lines = finding?.lines ?? [];
  return Object.fromEntries(
    lines.map(({ subject, verdict = '' }) => [
      inEnglish(subject).replace(/^web\/([a-z]+).*$/, '$1'),
      verdict,
    ]),
  );
}

export function exceptions(plan: StepPlan): (string | undefined)[] {
  return plan.blockers.map(({ exception }) => exception);
}

export function evicted(plan: StepPlan): string[] {
  return plan.effects.map(({ object }) => object.name);
}
