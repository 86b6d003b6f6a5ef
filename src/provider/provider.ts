import type { Json } from '../json.ts';
import type { AccessQuestion, Cluster } from '../kubernetes/kubernetes.ts';
import type { Node } from '../kubernetes/resources/node.ts';

/** The machine behind a node, as its provider knows it. */
export interface OwnedMachine {
  readonly provider: MachineProvider;
  /** The object that a replacement deletes or names, such as `Machine capi-system/kr-b-2-x7k`. */
  readonly object: {
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
    readonly uid: string;
  };
  /** The group that must have its size back afterwards: a MachineSet, a NodePool, a webhook's pool. */
  readonly group: { readonly name: string; readonly desired: number; readonly current: number };
  /** One sentence: what will happen, and what to look out for. */
  readonly how: string;
  readonly warnings: readonly string[];
  /** Why this machine must not be replaced now (paused, owned by a control plane); empty when it may. */
  readonly refusals: readonly string[];
  /** The right that the replacement takes; absent where it takes none in the cluster. */
  readonly needs?: AccessQuestion;
  /** Epoch milliseconds since when it is being deleted, by whomever. */
  readonly deletingSince?: number;
}

export interface ReplacementRequest {
  readonly machine: OwnedMachine;
  readonly node: Node;
  /** Run and node UID: the same request is never carried out twice. */
  readonly idempotencyKey: string;
  readonly run: {
    readonly id: string;
    readonly traceId: string;
    readonly approvedBy: readonly string[];
  };
  readonly reason: string;
}

/** Where a replacement stands. `ready` only when a *new* node is Ready and the group has its size back. */
export type ReplacementState =
  | UnfinishedReplacement
  | { readonly status: 'ready'; readonly newNode: string; readonly detail: string }
  /** The old machine is gone, and its group, which has no fixed size, needs no other in its place. */
  | { readonly status: 'not_needed'; readonly detail: string }
  | ({ readonly status: 'failed'; readonly detail: string } & Shortage);

/** A replacement that may yet end well. */
export type UnfinishedReplacement = {
  readonly status: 'requested' | 'terminating' | 'provisioning';
  /** What the provider waits for, and why, as it says itself. */
  readonly detail: string;
} & Shortage;

interface Shortage {
  /** How many nodes the group has less than it wants, where that is known. */
  readonly missing?: number;
  /** What a person can do about it, as a sentence. */
  readonly next?: string;
}

/** Names the nodes that were there when the replacement was planned, so that a new one is known as new. */
export interface ReplacementBaseline {
  readonly nodeUid: string;
  readonly nodeName: string;
  readonly groupName: string;
  readonly desired: number;
  readonly knownNodeUids: readonly string[];
  /** Epoch milliseconds at which the replacement was asked for. */
  readonly askedAt?: number;
  readonly machine: OwnedMachine['object'];
  /** What `replace` returned: the webhook finds its status URL there. */
  readonly answer?: Json;
}

export interface MachineProvider {
  readonly name: 'cluster-api' | 'karpenter' | 'webhook';
  /** Undefined where this provider does not own the node. Reads only. */
  find(cluster: Cluster, node: Node): Promise<Omit<OwnedMachine, 'provider'> | undefined>;
  /** Asks for the replacement once; a second call with the same key changes nothing. */
  replace(cluster: Cluster, request: ReplacementRequest): Promise<Json>;
  /** Whether `replace` has had its effect: asked after a crash. */
  replaced(cluster: Cluster, request: ReplacementRequest): Promise<boolean>;
  poll(cluster: Cluster, baseline: ReplacementBaseline): Promise<ReplacementState>;
}

/** Finds who owns a node among the providers of this installation. */
export interface MachineProviders {
  /** @throws ProviderNotFoundError (`provider_not_found`) when none owns it; names what was looked for */
  owner(
    cluster: Cluster,
    node: Node,
    wanted: 'auto' | MachineProvider['name'],
  ): Promise<OwnedMachine>;
  /**
   * A provider by its name, for polling after the old node, and with it the trace of its owner, is gone.
   * @throws ProviderNotFoundError (`provider_not_found`) when this installation has not set it up
   */
  named(name: MachineProvider['name']): MachineProvider;
}
