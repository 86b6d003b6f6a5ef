import type { ControlPlane } from '../controllers/controller.ts';
import type { Machine } from '../model/machine-schemas.ts';
import { type Condition, isTerminating, withCondition } from '../model/objects.ts';
import type { Node } from '../model/schemas.ts';

/** Why something is not so, in the words of a condition. */
export interface Why {
  readonly reason: string;
  readonly message: string;
}

export interface MachineFacts {
  readonly node: Node | undefined;
  /** Why its instance is not there; absent where it is. */
  readonly noInstance?: Why | undefined;
  /** Why it never will be. */
  readonly failure?: Why | undefined;
  readonly deleting?: Why;
}

/** The infrastructure object of every simulated Machine. */
export const infrastructureKind = 'SimulatedMachine';

/**
 * Writes a Machine's status in the words of Cluster API.
 * @see https://github.com/kubernetes-sigs/cluster-api/blob/main/core/reconcilers/machine/machine_controller_status.go
 */
export function reportMachine(
  { store }: ControlPlane,
  machine: Machine,
  facts: MachineFacts,
): Machine {
  const nodeName = machine.status?.nodeRef?.name ?? facts.node?.metadata.name;
  return store.change(machine, (draft) => {
    const { failure } = facts;
    draft.status = {
      ...draft.status,
      phase: phaseOf(machine, facts),
      ...(nodeName === undefined ? {} : { nodeRef: { name: nodeName } }),
      initialization: {
        bootstrapDataSecretCreated: true,
        ...(machine.spec.providerID === undefined ? {} : { infrastructureProvisioned: true }),
      },
      ...(failure === undefined ? {} : { deprecated: { v1beta1: deprecatedFailure(failure) } }),
      conditions: conditionsOf(machine, facts, store.timestamp()),
    };
    if (failure === undefined) delete draft.status['deprecated'];
  });
}

function deprecatedFailure({ reason, message }: Why): Record<string, string> {
  const failureMessage = `Failure detected from referenced resource infrastructure.cluster.x-k8s.io/v1beta2, Kind=${infrastructureKind}: ${message}`;
  return { failureReason: reason, failureMessage };
}

function phaseOf(machine: Machine, { node, failure }: MachineFacts): string {
  if (isTerminating(machine)) return 'Deleting';
  if (failure !== undefined) return 'Failed';
  if (machine.spec.providerID === undefined) return 'Provisioning';
  return machine.status?.nodeRef === undefined && node === undefined ? 'Provisioned' : 'Running';
}

function conditionsOf(machine: Machine, facts: MachineFacts, at: string): Condition[] {
  const { noInstance, deleting } = facts;
  const own: Condition[] = [
    holds('BootstrapConfigReady', 'Ready'),
    noInstance === undefined
      ? holds('InfrastructureReady', 'Ready')
      : { type: 'InfrastructureReady', status: 'False', ...noInstance },
    ...nodeConditions(machine, facts.node),
    deleting === undefined
      ? { type: 'Deleting', status: 'False', reason: 'NotDeleting', message: '' }
      : { type: 'Deleting', status: 'True', ...deleting },
  ];
  const others = [
    holds('UpToDate', 'UpToDate'),
    { type: 'Paused', status: 'False', reason: 'NotPaused', message: '' },
  ];
  const healthChecks = (machine.status?.conditions ?? []).filter(
    ({ type }) => type === 'HealthCheckSucceeded',
  );
  const ready = readiness([...own, ...healthChecks], deleting);
  const available =
    ready.status === 'True'
      ? holds('Available', 'Available')
      : { type: 'Available', status: 'False', reason: 'NotReady', message: '' };
  let conditions: Condition[] = machine.status?.conditions ?? [];
  for (const each of [available, ready, ...others, ...own]) {
    conditions = withCondition(conditions, each, at);
  }
  return conditions;
}

function holds(type: string, reason: string): Condition {
  return { type, status: 'True', reason, message: '' };
}

/** What is not as it should be, one line each. */
function readiness(own: readonly Condition[], deleting: Why | undefined): Condition {
  const good = (type: string) => (type === 'Deleting' ? 'False' : 'True');
  const summed = own.filter(({ type }) => type !== 'NodeReady');
  const issues = summed.filter(({ type, status }) => status !== good(type));
  if (issues.length === 0) return holds('Ready', 'Ready');
  const isKnown = issues.some(({ status }) => status !== 'Unknown');
  const lines = issues.map(({ type, message }) => {
    const stage = `Machine deletion in progress, stage: ${deleting?.reason}`;
    return `* ${type}: ${type === 'Deleting' ? stage : message}`;
  });
  const [status, reason] = isKnown ? ['False', 'NotReady'] : ['Unknown', 'ReadyUnknown'];
  return { type: 'Ready', status, reason, message: lines.join('\n') };
}

function nodeConditions(machine: Machine, node: Node | undefined): Condition[] {
  const both = (status: string, reason: string, message: string) =>
    ['NodeReady', 'NodeHealthy'].map((type) => ({ type, status, reason, message }));
  if (node === undefined) return both(...missingNode(machine));
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  const status = ready?.status ?? 'Unknown';
  const message =
    status === 'True' ? '' : `* Node.Ready: ${ready?.message ?? 'Condition not yet reported'}`;
  const suffix = { True: '', False: 'Not', Unknown: '' }[status] ?? '';
  const unknown = status === 'Unknown' ? 'Unknown' : '';
  return [
    { type: 'NodeReady', status, reason: `Node${suffix}Ready${unknown}`, message },
    { type: 'NodeHealthy', status, reason: `Node${suffix}Healthy${unknown}`, message },
  ];
}

/** Status, reason and message where there is no node. */
function missingNode({ spec, status, metadata }: Machine): [string, string, string] {
  const name = status?.nodeRef?.name;
  const isDeleting = metadata.deletionTimestamp !== undefined;
  if (name !== undefined) {
    const text = `Node ${name} has been deleted`;
    return ['False', 'NodeDeleted', isDeleting ? text : `${text} while the Machine still exists`];
  }
  if (isDeleting) return ['Unknown', 'NodeDoesNotExist', 'Node does not exist'];
  const text =
    spec.providerID === undefined
      ? `Waiting for ${infrastructureKind} to report spec.providerID`
      : `Waiting for a Node with spec.providerID ${spec.providerID} to exist`;
  return ['Unknown', 'InspectionFailed', text];
}
