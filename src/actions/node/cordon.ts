import { z } from 'zod';
import { Duration } from '../../duration.ts';
import { RunbookError } from '../../errors.ts';
import type { Cluster } from '../../kubernetes/kubernetes.ts';
import { Node } from '../../kubernetes/resources/node.ts';
import { defineAction, type Effect, type Mutation, type StepOutcome } from '../action.ts';
import { mutateUnless } from '../mutate-unless.ts';
import { blockedPlan, stepPlan } from '../step-plan.ts';
import { durationInWords } from '../words.ts';
import { cordonedBy, cordonPatch, isCordonedBy } from './cordon-mark.ts';
import { claimedBlocker, claimsOn } from './node-claims.ts';
import { nodeNotFound } from './node-state.ts';
import { whyDenied } from './rights.ts';
import { uncordon } from './uncordon.ts';

const Input = z.strictObject({
  node: z.string(),
  /** How long to wait afterwards for pods that the scheduler had already given to the node. */
  settle: Duration.prefault('5s'),
});
type Input = z.infer<typeof Input>;

/** The cordon was not needed, or is not possible any more: nothing was changed. */
class CordonNotDoneError extends RunbookError {
  constructor(why: string) {
    super('cordon_not_done', why);
  }
}

/** Keeps new pods off a node, marked with the run, so that only it is undone that is ours. */
export const cordonNode = defineAction<Input>({
  name: 'node/cordon',
  description: 'Marks a node unschedulable, and as cordoned by this run.',
  risk: 'reversible',
  input: Input,
  outputs: [],

  async plan({ cluster }, { node: name }) {
    const node = await cluster.find(Node, { name });
    if (node === undefined) return blockedPlan(`cordon ${name}`, await nodeNotFound(cluster, name));
    const blockers = claimedBlocker(node, await claimsOn(cluster, node));
    const already = cordonedBy(node);
    if (already === undefined) {
      const denied = await whyDenied(() => tryOut(cluster, node));
      return stepPlan({
        summary: `cordon ${name}`,
        blockers: [...blockers, ...denied],
        effects: [cordonEffect(node)],
      });
    }
    const detail = `cordoned already, by ${already}: left as it is, also afterwards`;
    return stepPlan({
      summary: `${name} is cordoned already`,
      blockers,
      findings: [{ title: 'Cordon', lines: [{ subject: name, verdict: 'already', detail }] }],
    });
  },

  async execute(context, input) {
    const effect = context.approved.find(({ verb }) => verb === 'cordon');
    if (effect === undefined)
      return { summary: `${input.node} was cordoned before`, changed: false };
    await context.checkpoint();
    const refused = await mutateUnless(context, cordonMutation(effect, context.run.id), {
      code: 'cordon_not_done',
    });
    if (refused !== undefined) return { summary: refused, changed: false };
    await context.progress({
      done: 1,
      total: 1,
      unit: 'node cordoned',
      waiting: `waits ${durationInWords(input.settle)} for pods that were already on their way`,
    });
    await context.clock.sleep(input.settle, context.signal);
    return { summary: `cordoned ${input.node}`, changed: true };
  },

  observe: ({ cluster, run }, effect) => cordonMutation(effect, run.id).observe(cluster),

  undo: (context, input): Promise<StepOutcome> => uncordon(context, input.node),
});

function tryOut(cluster: Cluster, node: Node): Promise<Node> {
  const { name } = node.metadata;
  const patch = { type: 'json', body: cordonPatch(node, 'dry-run') } as const;
  return cluster.patch(Node, { name }, { patch, options: { dryRun: true } });
}

function cordonEffect(node: Node): Effect {
  const { name, uid } = node.metadata;
  return {
    verb: 'cordon',
    object: { kind: 'Node', name, uid },
    before: { unschedulable: false },
    after: { unschedulable: true },
    risk: 'reversible',
    undo: 'uncordoned if the run does not succeed',
  };
}

function cordonMutation(effect: Effect, runId: string): Mutation {
  const { name, uid } = effect.object;

  async function current(cluster: Cluster): Promise<Node | undefined> {
    const node = await cluster.find(Node, { name });
    return node?.metadata.uid === uid ? node : undefined;
  }

  return {
    effect,
    async act(cluster) {
      const node = await current(cluster);
      if (node === undefined) {
        throw new CordonNotDoneError(`node ${name} is gone: nothing is left to cordon`);
      }
      if (isCordonedBy(node, runId)) return { cordonedBy: runId };
      const other = cordonedBy(node);
      if (other !== undefined) {
        throw new CordonNotDoneError(`node ${name} was cordoned meanwhile by ${other}: left so`);
      }
      const body = cordonPatch(node, runId);
      await cluster.patch(Node, { name }, { patch: { type: 'json', body } });
      return { cordonedBy: runId };
    },
    async observe(cluster) {
      const node = await current(cluster);
      return { happened: node !== undefined && isCordonedBy(node, runId) };
    },
  };
}
