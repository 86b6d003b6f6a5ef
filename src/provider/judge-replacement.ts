import type { Cluster } from '../kubernetes/kubernetes.ts';
import { Node } from '../kubernetes/resources/node.ts';
import { missingForPods, missingToRunPods } from './node-readiness.ts';
import type { ReplacementBaseline, ReplacementState } from './provider.ts';

/** A machine of the group, as its provider describes it. */
export interface GroupMember {
  /** `Machine capi/kr-b-x7k` */
  readonly text: string;
  readonly nodeName: string | undefined;
  readonly terminating: boolean;
  /** What its provider still waits for; empty when it is done. */
  readonly waitsFor: string;
  /** What a person can do about it, as a sentence. */
  readonly next?: string | undefined;
  /** Why it will never become a node, where its provider has given up. */
  readonly failure?: string | undefined;
}

export interface GroupState {
  /** `MachineSet capi/kr-b` */
  readonly text: string;
  readonly desired: number;
  readonly members: readonly GroupMember[];
  /** What the provider itself counts as ready, where it counts. */
  readonly readyByProvider?: number;
}

interface Seen {
  readonly member: GroupMember;
  readonly node: Node | undefined;
  readonly missing: readonly string[];
  readonly isNew: boolean;
}

/**
 * Whether a group whose old machine is gone is whole again. Only a new, Ready node counts, the old Node object must be gone,
 * and the group must have as many Ready nodes as it wants.
 */
export async function judgeReplacement(
  cluster: Cluster,
  baseline: ReplacementBaseline,
  group: GroupState,
): Promise<ReplacementState> {
  const nodes = await cluster.list(Node);
  const members = group.members
    .filter((member) => !member.terminating)
    .map((member) => look(member, nodes, baseline));
  if (nodes.some((node) => node.metadata.uid === baseline.nodeUid)) {
    const detail = `${baseline.machine.kind} ${baseline.machine.name} is gone; waiting for the Node object ${baseline.nodeName} to go`;
    return { status: 'terminating', detail };
  }
  const readyMembers = members.filter(isReady);
  const newNode = readyMembers.find((seen) => seen.isNew)?.node?.metadata.name;
  const count = Math.min(readyMembers.length, group.readyByProvider ?? readyMembers.length);
  const size = `${group.text} has ${count} of ${group.desired} nodes Ready`;
  if (newNode !== undefined && count >= group.desired) {
    return { status: 'ready', newNode, detail: `${size}; ${newNode} is new` };
  }
  const missing = Math.max(0, group.desired - count);
  const failed = members.find((seen) => seen.member.failure !== undefined);
  if (failed) {
    const { text, failure } = failed.member;
    const next = `Put right what ${text} says, and delete it: another is made in its place.`;
    return { status: 'failed', detail: `${text}: ${failure}; ${size}`, missing, next };
  }
  const ready = newNode === undefined ? count : 0;
  return settleSize(baseline, group, { size, missing, ready, members });
}

interface Sized {
  readonly size: string;
  readonly missing: number;
  readonly ready: number;
  readonly members: readonly Seen[];
}

/** A group that somebody made smaller meanwhile is whole without a new node: none will come. */
function settleSize(
  baseline: ReplacementBaseline,
  group: GroupState,
  { size, missing, ready, members }: Sized,
): ReplacementState {
  if (group.desired < baseline.desired && ready >= group.desired) {
    const detail = `${size}: it was scaled from ${baseline.desired} to ${group.desired} meanwhile, so that no new node will come`;
    return { status: 'failed', detail };
  }
  const waiting = members.filter((seen) => !isReady(seen)).map(waitingText);
  const what = waiting.length > 0 ? waiting.join('; ') : 'no new machine yet';
  return {
    status: 'provisioning',
    detail: `${size}; waiting: ${what}`,
    missing,
    ...nextFor(members),
  };
}

/** Where a new machine stands still is where to look. */
function nextFor(members: readonly Seen[]): { next?: string } {
  const late = members.find((seen) => !isReady(seen));
  if (late === undefined) return {};
  if (late.node !== undefined) {
    const { name } = late.node.metadata;
    return {
      next: `Look at the kubelet and the network plugin of ${name}: \`kubectl describe node ${name}\`.`,
    };
  }
  const { text, next } = late.member;
  return { next: next ?? `Look at ${text}: it goes on by itself once what it waits for is there.` };
}

function look(member: GroupMember, nodes: readonly Node[], baseline: ReplacementBaseline): Seen {
  const node = nodes.find(({ metadata }) => metadata.name === member.nodeName);
  if (node === undefined) return { member, node, missing: ['without a node'], isNew: false };
  const isNew = !baseline.knownNodeUids.includes(node.metadata.uid);
  return { member, node, missing: isNew ? missingForPods(node) : missingToRunPods(node), isNew };
}

function isReady({ member, missing }: Seen): boolean {
  return missing.length === 0 && member.waitsFor === '' && member.failure === undefined;
}

function waitingText({ member, node, missing }: Seen): string {
  const reasons = [member.waitsFor, ...missing].filter((reason) => reason !== '');
  return `${node ? `node ${node.metadata.name}` : member.text} ${reasons.join(', ')}`;
}
