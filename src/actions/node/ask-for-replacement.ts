import { z } from 'zod';
import type { JsonObject } from '../../json.ts';
import type { Cluster } from '../../kubernetes/kubernetes.ts';
import { Node } from '../../kubernetes/resources/node.ts';
import type {
  MachineProvider,
  OwnedMachine,
  ReplacementBaseline,
  ReplacementRequest,
} from '../../provider/provider.ts';
import type { Effect, ExecuteContext, Mutation, Observed } from '../action.ts';
import { NodeGoneError } from './node-state.ts';
import { replacementRequest } from './replacement-request.ts';

const EffectBefore = z.object({
  node: z.string(),
  nodeUid: z.string(),
  provider: z.enum(['cluster-api', 'karpenter', 'webhook']),
  group: z.string(),
});

/** As it stands in the journal: the old node is soon gone, and with it the trace of who owned it. */
const Baseline = z.object({
  nodeUid: z.string(),
  nodeName: z.string(),
  groupName: z.string(),
  desired: z.number(),
  knownNodeUids: z.array(z.string()),
  askedAt: z.number().optional(),
  machine: z.object({
    kind: z.string(),
    namespace: z.string().optional(),
    name: z.string(),
    uid: z.string(),
  }),
  answer: z.json().optional(),
});

export function providerOf(effect: Effect): MachineProvider['name'] {
  return EffectBefore.parse(effect.before).provider;
}

/**
 * Asks for the replacement once, and remembers what was there before, so that a new node is known as new.
 * @param check throws where it must not be asked for after all; not asked again once it was
 */
export async function askForReplacement(
  context: ExecuteContext,
  effect: Effect,
  check: () => Promise<void>,
): Promise<ReplacementBaseline> {
  const result = await context.mutate(replacement(context, effect, check));
  return toBaseline(Baseline.parse(result));
}

/** Whether the provider was asked already, with what is known of the time before. */
export function observeReplacement(context: ExecuteContext, effect: Effect): Promise<Observed> {
  return replacement(context, effect, async () => {}).observe(context.cluster);
}

function replacement(
  context: ExecuteContext,
  effect: Effect,
  check: () => Promise<void>,
): Mutation {
  let taken: JsonObject | undefined;
  return {
    effect,
    async act(cluster) {
      await check();
      const { node, request } = await requestFor(context, { cluster, effect });
      if (node === undefined || request === undefined) {
        throw new NodeGoneError(EffectBefore.parse(effect.before).node);
      }
      const machine = await context.providers.owner(cluster, node, providerOf(effect));
      taken = {
        ...(await baselineNow(cluster, effect, machine)),
        askedAt: context.clock.now(),
      };
      const answer = await machine.provider.replace(cluster, { ...request, machine });
      return { ...taken, answer };
    },
    async observe(cluster) {
      const { request } = await requestFor(context, { cluster, effect });
      const happened =
        request === undefined || (await request.machine.provider.replaced(cluster, request));
      const result = taken ?? (await baselineBefore(cluster, effect, context.startedAt));
      return happened ? { happened, result } : { happened };
    },
  };
}

/** The request as it was approved; none where the node has gone. */
async function requestFor(
  { providers, run }: ExecuteContext,
  { cluster, effect }: { cluster: Cluster; effect: Effect },
): Promise<{ node?: Node; request?: ReplacementRequest }> {
  const before = EffectBefore.parse(effect.before);
  const node = await cluster.find(Node, { name: before.node });
  if (node?.metadata.uid !== before.nodeUid) return {};
  const machine: OwnedMachine = {
    provider: providers.named(before.provider),
    object: effect.object,
    group: { name: before.group, desired: 0, current: 0 },
    how: '',
    warnings: [],
    refusals: [],
  };
  return { node, request: replacementRequest(run, { machine, node }) };
}

/** Where somebody else has begun to replace the machine already, what came since then is its new node, not one of the old. */
async function baselineNow(
  cluster: Cluster,
  effect: Effect,
  { group, deletingSince = Number.POSITIVE_INFINITY }: OwnedMachine,
): Promise<JsonObject> {
  const nodes = await cluster.list(Node);
  const known = nodes.filter(
    ({ metadata }) => Date.parse(metadata.creationTimestamp) < deletingSince,
  );
  return baselineOf(effect, { desired: group.desired, known });
}

/**
 * After a crash between the request and its record. Nodes older than the step are the known ones; the size is no longer
 * known, so the new node alone decides where the provider has no number of its own.
 */
async function baselineBefore(
  cluster: Cluster,
  effect: Effect,
  startedAt: number,
): Promise<JsonObject> {
  const nodes = await cluster.list(Node);
  const known = nodes.filter(({ metadata }) => Date.parse(metadata.creationTimestamp) <= startedAt);
  return { ...baselineOf(effect, { desired: 0, known }), askedAt: startedAt };
}

function baselineOf(
  { object, before }: Effect,
  { desired, known }: { desired: number; known: readonly Node[] },
): JsonObject {
  const { node, nodeUid, group } = EffectBefore.parse(before);
  const { kind, namespace, name, uid } = object;
  return {
    nodeUid,
    nodeName: node,
    groupName: group,
    desired,
    knownNodeUids: known.map(({ metadata }) => metadata.uid),
    machine: { kind, name, uid, ...(namespace !== undefined && { namespace }) },
  };
}

function toBaseline({
  machine,
  answer,
  askedAt,
  ...rest
}: z.infer<typeof Baseline>): ReplacementBaseline {
  const { namespace, ...names } = machine;
  return {
    ...rest,
    machine: { ...names, ...(namespace !== undefined && { namespace }) },
    ...(answer !== undefined && { answer }),
    ...(askedAt !== undefined && { askedAt }),
  };
}
