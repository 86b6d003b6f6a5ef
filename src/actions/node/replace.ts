import { z } from 'zod';
import { errorCode, errorMessage } from '../../errors.ts';
import { Node } from '../../kubernetes/resources/node.ts';
import type { MachineProvider, OwnedMachine } from '../../provider/provider.ts';
import {
  type Blocker,
  defineAction,
  type Effect,
  type PlanContext,
  type StepPlan,
} from '../action.ts';
import { podName } from '../pod-state.ts';
import { blockedPlan, stepPlan } from '../step-plan.ts';
import { counted, listed } from '../words.ts';
import { observeReplacement } from './ask-for-replacement.ts';
import { executeReplace } from './execute-replace.ts';
import { nodeNotFound } from './node-state.ts';
import { remainingPods } from './remaining-pods.ts';
import { missingRight } from './rights.ts';

const Input = z.strictObject({ node: z.string() });

const KEEP_MACHINE = 'keep-machine';

const PROVIDER_NAMES: Readonly<Record<MachineProvider['name'], string>> = {
  'cluster-api': 'Cluster API',
  karpenter: 'Karpenter',
  webhook: 'its webhook',
};

/** Has the machine behind a node replaced by the provider that owns it. */
export const replaceNode = defineAction({
  name: 'node/replace',
  description: 'Has the machine of a node replaced by its provider, and waits for the new node.',
  risk: 'destructive',
  input: Input,
  outputs: ['newNode', 'provider'],
  plan: planReplace,
  execute: (context, input) => executeReplace(context, input.node),
  observe: observeReplacement,
});

async function planReplace(context: PlanContext, input: z.infer<typeof Input>): Promise<StepPlan> {
  const { cluster } = context;
  const node = await cluster.find(Node, { name: input.node });
  if (node === undefined) {
    return blockedPlan(`replace ${input.node}`, await nodeNotFound(cluster, input.node));
  }
  const occupied = await whyOccupied(context, input.node);
  if (occupied !== undefined) return keep(context, node, occupied);
  const machine = await findOwner(context, node);
  if ('code' in machine) {
    return context.accepted.has(KEEP_MACHINE)
      ? keep(context, node, `the machine is kept, as accepted: ${machine.text}`)
      : blockedPlan(`replace ${input.node}`, machine);
  }
  if (machine.refusals.length > 0 && context.accepted.has(KEEP_MACHINE)) {
    return keep(context, node, `the machine is kept, as accepted: ${listed(machine.refusals)}`);
  }
  return replacementPlan(node, machine);
}

/** Ending a machine ends what still runs on it, and asks no budget. */
async function whyOccupied(context: PlanContext, node: string): Promise<string | undefined> {
  const { protectedPods, unapproved } = await remainingPods(context, node, context.earlier);
  const staying = [...protectedPods, ...unapproved];
  if (staying.length === 0) return undefined;
  return `the machine is kept while pods stay on it: ${listed(staying.map(podName))}`;
}

function keep({ earlier }: PlanContext, node: Node, why: string): StepPlan {
  const { name, uid } = node.metadata;
  const isCordoned =
    node.spec.unschedulable ||
    earlier.some(({ verb, object }) => verb === 'cordon' && object.uid === uid);
  const left = isCordoned
    ? [`${name} stays cordoned. To let it take pods again: \`kubectl uncordon ${name}\``]
    : [];
  return stepPlan({ summary: `${name} is not replaced`, skip: why, left });
}

async function findOwner(context: PlanContext, node: Node): Promise<OwnedMachine | Blocker> {
  const { cluster, clusterSettings, providers } = context;
  try {
    const machine = await providers.owner(cluster, node, clusterSettings.provider);
    const denied = await missingRight(cluster, machine.needs);
    return denied === undefined ? machine : { ...machine, refusals: [...machine.refusals, denied] };
  } catch (error) {
    if (errorCode(error) !== 'provider_not_found') throw error;
    return {
      code: 'no_provider',
      text: errorMessage(error),
      wayOut: `Set up the provider of this node, or accept \`${KEEP_MACHINE}\`: it is drained, and its machine stays.`,
      exception: KEEP_MACHINE,
    };
  }
}

function replacementPlan(node: Node, machine: OwnedMachine): StepPlan {
  const { name } = node.metadata;
  const { group, provider } = machine;
  return stepPlan({
    summary: `replace the machine of ${name} through ${PROVIDER_NAMES[provider.name]}`,
    effects: [replaceEffect(node, machine)],
    findings: [
      {
        title: 'Replacement',
        lines: [
          { subject: PROVIDER_NAMES[provider.name], detail: machine.how },
          {
            subject: group.name,
            detail: `has ${group.current} of ${counted(group.desired, 'machine')} ready now`,
          },
        ],
      },
    ],
    warnings: machine.warnings.map((text) => ({ code: 'replacement', text })),
    blockers: machine.refusals.map((text) => ({
      code: 'machine_refused',
      text: `The machine of ${name} must not be replaced now: ${text}.`,
      wayOut: `Clear that first, or accept \`${KEEP_MACHINE}\`: it is drained, and its machine stays.`,
      exception: KEEP_MACHINE,
    })),
    outputs: { newNode: null, provider: provider.name },
  });
}

function replaceEffect(node: Node, { object, provider, group }: OwnedMachine): Effect {
  const { name, uid } = node.metadata;
  return {
    verb: 'replace',
    object,
    before: { node: name, nodeUid: uid, provider: provider.name, group: group.name },
    after: { node: 'a new one', group: group.name },
    risk: 'destructive',
  };
}
