import { z } from 'zod';
import { Event, lastSeen, timesSeen } from '../../kubernetes/resources/event.ts';
import type { Condition } from '../../kubernetes/resources/metadata.ts';
import { Node } from '../../kubernetes/resources/node.ts';
import {
  type Blocker,
  defineAction,
  type Finding,
  type FindingLine,
  type PlanContext,
  type StepPlan,
} from '../action.ts';
import { conditionOf } from '../pod-state.ts';
import { blockedPlan, stepPlan } from '../step-plan.ts';
import { durationInWords, listed } from '../words.ts';
import { cordonedBy } from './cordon-mark.ts';
import { claimedBlocker, claimsOn } from './node-claims.ts';
import { othersInPool, poolOf } from './node-pool.ts';
import { isControlPlane, type NodeReadiness, nodeNotFound, readinessOfNode } from './node-state.ts';

const Input = z.strictObject({ node: z.string() });
const EVENTS_SHOWN = 8;

/** Looks at a node before anything is done to it, and says what stands against doing it. */
export const assessNode = defineAction({
  name: 'node/assess',
  description: 'Reads the state of a node, and who else is at work on it.',
  risk: 'read',
  input: Input,
  outputs: ['nodeUid', 'ready', 'pool'],
  plan: assess,

  async execute(context, input) {
    const plan = await assess(context, input);
    return { summary: plan.summary, changed: false, outputs: plan.outputs };
  },
});

async function assess(context: PlanContext, input: z.infer<typeof Input>): Promise<StepPlan> {
  const { cluster, clock } = context;
  const node = await cluster.find(Node, { name: input.node });
  if (node === undefined) {
    return blockedPlan(`assess ${input.node}`, await nodeNotFound(cluster, input.node));
  }
  const ready = readinessOfNode(node);
  const claims = await claimsOn(cluster, node);
  return stepPlan({
    summary: `${node.metadata.name} is ${READY_WORDS[ready]}${troubles(node)}`,
    findings: [
      { title: `Node ${node.metadata.name}`, lines: nodeLines(node, clock.now()) },
      ...(await recentEvents(context, node)),
    ],
    warnings:
      MEANING[ready] === undefined ? [] : [{ code: 'node_not_ready', text: MEANING[ready] }],
    blockers: [
      ...claimedBlocker(node, claims),
      ...controlPlaneBlocker(context, node),
      ...(await lastOfPoolBlocker(context, node)),
    ],
    outputs: { nodeUid: node.metadata.uid, ready, pool: poolOf(node) ?? null },
  });
}

const READY_WORDS: Readonly<Record<NodeReadiness, string>> = {
  True: 'Ready',
  False: 'NotReady: its kubelet answers and says so',
  Unknown: 'Unknown: its kubelet has stopped answering',
};

const MEANING: Readonly<Record<NodeReadiness, string | undefined>> = {
  True: undefined,
  False:
    'The node reports Ready=False itself, so its kubelet lives: evicted pods end properly, and the pods on it may still count as healthy for their budgets.',
  Unknown:
    'The kubelet does not answer: evicted pods stay Terminating until the machine is gone, StatefulSet pods are not made anew and volumes stay attached until then. The pods on it count against their budgets. Taint-based eviction, which obeys no budget, begins about 5 minutes after the kubelet fell silent.',
};

/** Conditions that should not be, by their names. */
function troubles(node: Node): string {
  const types = badConditions(node).map(({ type }) => type);
  return types.length === 0 ? '' : `, but reports ${listed(types)}`;
}

/** All conditions but Ready are bad when they are not False. */
function badConditions({ status }: Node): Condition[] {
  return status.conditions.filter(({ type, status: is }) => type !== 'Ready' && is !== 'False');
}

function nodeLines(node: Node, now: number): FindingLine[] {
  const { metadata, spec, status } = node;
  const age = now - Date.parse(metadata.creationTimestamp);
  const facts = [
    `pool ${poolOf(node) ?? 'not known'}`,
    ...(Number.isNaN(age) ? [] : [`${durationInWords(age)} old`]),
    ...(status.nodeInfo?.kubeletVersion ? [`kubelet ${status.nodeInfo.kubeletVersion}`] : []),
  ];
  const cordon = cordonedBy(node);
  return [
    { subject: metadata.name, detail: facts.join(', ') },
    ...conditionLines(node, now),
    ...spec.taints.map((taint) => ({
      subject: 'taint',
      detail: `${taint.key}${taint.value ? `=${taint.value}` : ''}:${taint.effect}`,
    })),
    ...(cordon === undefined ? [] : [{ subject: 'cordoned', detail: `by ${cordon}` }]),
  ];
}

function conditionLines(node: Node, now: number): FindingLine[] {
  const ready = conditionOf(node.status.conditions, 'Ready');
  if (ready === undefined) {
    return [{ subject: 'Ready', verdict: 'needs a look', detail: 'the node has never reported' }];
  }
  return [ready, ...badConditions(node)].map((condition) => {
    const since = now - Date.parse(condition.lastTransitionTime ?? '');
    const age = Number.isNaN(since) ? '' : ` for ${durationInWords(Math.max(0, since))}`;
    const reason = condition.reason === condition.type ? '' : condition.reason;
    const why = [reason, condition.message].filter((text) => text !== '').join(': ');
    const good = condition.type === 'Ready' && condition.status === 'True';
    return {
      subject: condition.type,
      verdict: good ? 'ok' : 'needs a look',
      detail: `${condition.status}${age}${why ? ` (${why})` : ''}`,
    };
  });
}

/** By name: kubelets write the node's name where its UID should be. */
async function recentEvents({ cluster, clock }: PlanContext, node: Node): Promise<Finding[]> {
  const events = await cluster.list(Event, {
    fieldSelector: `involvedObject.kind=Node,involvedObject.name=${node.metadata.name}`,
  });
  const newest = events.toSorted((a, b) => lastSeen(b) - lastSeen(a)).slice(0, EVENTS_SHOWN);
  if (newest.length === 0) return [];
  return [
    {
      title: 'Recent events',
      lines: newest.map((event) => ({
        subject: event.reason,
        detail: `${event.message} (${timesSeen(event)}×, ${durationInWords(
          Math.max(0, clock.now() - lastSeen(event)),
        )} ago)`,
      })),
    },
  ];
}

function controlPlaneBlocker({ accepted }: PlanContext, node: Node): Blocker[] {
  const exception = 'control-plane-node';
  if (!isControlPlane(node) || accepted.has(exception)) return [];
  return [
    {
      code: 'control_plane_node',
      text: `Node ${node.metadata.name} is part of the control plane: taking it away may cost etcd its quorum.`,
      wayOut: `Use the procedure of your control plane, or accept \`${exception}\`: the node is treated like any other.`,
      exception,
    },
  ];
}

async function lastOfPoolBlocker(context: PlanContext, node: Node): Promise<Blocker[]> {
  const exception = 'last-node-of-pool';
  if (context.accepted.has(exception)) return [];
  const others = await othersInPool(context.cluster, node);
  if (others.length > 0) return [];
  const pool = poolOf(node);
  return [
    {
      code: 'last_node_of_pool',
      text: `No other node ${pool === undefined ? 'of the cluster' : `of pool ${pool}`} takes pods: those of ${node.metadata.name} would have nowhere to go.`,
      wayOut: `Add a node to the pool first, or accept \`${exception}\`: the pods wait until a new node is there.`,
      exception,
    },
  ];
}
