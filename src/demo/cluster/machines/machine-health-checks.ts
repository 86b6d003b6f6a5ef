import { type Controller, type ControlPlane, splitKey } from '../controllers/controller.ts';
import {
  MachineHealthCheck as CheckKind,
  Machine as MachineKind,
  Node as NodeKind,
} from '../model/kinds.ts';
import type { Machine, MachineHealthCheck } from '../model/machine-schemas.ts';
import { conditionStatus, isTerminating, withCondition } from '../model/objects.ts';
import { scaledValue } from '../model/quantities.ts';
import { selects } from '../model/selectors.ts';
import type { Change } from '../storage/history.ts';
import { keyOf, type Store } from '../storage/store.ts';
import type { Why } from './machine-status.ts';

const remediate = 'cluster.x-k8s.io/remediate-machine';
/** Cluster API's own default. */
const usualStartupSeconds = 10 * 60;

/**
 * Marks Machines that are not healthy; their MachineSet then deletes them, and makes others.
 * @see https://cluster-api.sigs.k8s.io/tasks/automated-machine-management/healthchecking
 */
export function createMachineHealthChecks(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  return {
    delayMs: timings.controllerMs,
    kinds: [CheckKind],
    keysOf: (change) => checksOf(store, change),
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const check = store.get(CheckKind, name, namespace);
      return check === undefined ? undefined : examine(plane, check);
    },
  };
}

function checksOf(store: Store, { object }: Change): string[] {
  if (object.kind === CheckKind.kind) return [keyOf(object)];
  const concerned = object.kind === MachineKind.kind || object.kind === NodeKind.kind;
  return concerned ? store.list(CheckKind).map(keyOf) : [];
}

interface Finding {
  readonly machine: Machine;
  /** Why it is not healthy; absent where it is, or may yet turn out not to be. */
  readonly why?: Why;
  /** When that may be, in milliseconds from now. */
  readonly nextMs?: number;
}

/** Returns when to look again, in milliseconds. */
function examine(plane: ControlPlane, check: MachineHealthCheck): number | undefined {
  const { store } = plane;
  const machines = store
    .list(MachineKind, check.metadata.namespace)
    .filter(({ metadata }) => selects(check.spec.selector, metadata.labels));
  const findings = machines.map((machine) => ({ machine, ...judge(plane, check, machine) }));
  const unhealthy = findings.filter(({ why }) => why !== undefined);
  const { unhealthyLessThanOrEqualTo: most = '100%' } = check.spec.remediation?.triggerIf ?? {};
  const isAllowed = unhealthy.length <= scaledValue(most, machines.length);
  for (const finding of findings) mark(store, finding, isAllowed);
  store.change(check, (draft) => {
    draft.status = {
      ...draft.status,
      expectedMachines: machines.length,
      currentHealthy: machines.length - unhealthy.length,
    };
  });
  const next = findings.map(({ nextMs }) => nextMs).filter((each) => each !== undefined);
  return next.length === 0 ? undefined : Math.min(...next);
}

function judge(
  plane: ControlPlane,
  check: MachineHealthCheck,
  machine: Machine,
): Omit<Finding, 'machine'> {
  if (machine.metadata.annotations?.[remediate] !== undefined) {
    const message = `Health check failed: marked for remediation via ${remediate} annotation`;
    return { why: { reason: 'HasRemediateAnnotation', message } };
  }
  const name = machine.status?.nodeRef?.name;
  if (name === undefined) return judgeStartup(plane, check, machine);
  const node = plane.store.get(NodeKind, name);
  if (node === undefined) return failed('NodeDeleted', `Node ${name} has been deleted`);
  let nextMs: number | undefined;
  for (const { type, status, timeoutSeconds = 0 } of check.spec.checks?.unhealthyNodeConditions ??
    []) {
    const condition = node.status?.conditions?.find((each) => each.type === type);
    if (condition?.status !== status) continue;
    const leftMs = timeLeft(plane, condition.lastTransitionTime, timeoutSeconds);
    if (leftMs <= 0) {
      const text = `Condition ${type} on Node is reporting status ${status} with reason ${condition.reason} for more than ${duration(timeoutSeconds)}`;
      return failed('UnhealthyNode', text);
    }
    nextMs = Math.min(nextMs ?? leftMs, leftMs);
  }
  return nextMs === undefined ? {} : { nextMs };
}

function judgeStartup(
  plane: ControlPlane,
  check: MachineHealthCheck,
  { metadata }: Machine,
): Omit<Finding, 'machine'> {
  const seconds = check.spec.checks?.nodeStartupTimeoutSeconds ?? usualStartupSeconds;
  const leftMs = timeLeft(plane, metadata.creationTimestamp, seconds);
  if (leftMs > 0) return { nextMs: leftMs };
  return failed('NodeStartupTimeout', `Node failed to report startup in ${duration(seconds)}`);
}

function failed(reason: string, text: string): Omit<Finding, 'machine'> {
  return { why: { reason, message: `Health check failed:\n  * ${text}` } };
}

/** As Go writes it: 600 s are `10m0s`. */
function duration(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const first = parts.findIndex((part) => part > 0);
  const units = ['h', 'm', 's'];
  const shown = first === -1 ? [2] : [0, 1, 2].filter((index) => index >= first);
  return shown.map((index) => `${parts[index]}${units[index]}`).join('');
}

function timeLeft({ store, timings }: ControlPlane, since = '', seconds = 0): number {
  return Date.parse(since) + seconds * timings.secondMs - store.clock.now();
}

/** A Machine that is not healthy is left to its MachineSet, unless too many are not. */
function mark(store: Store, { machine, why }: Finding, isAllowed: boolean): void {
  if (isTerminating(machine)) return;
  const at = store.timestamp();
  store.change(machine, (draft) => {
    const type = 'HealthCheckSucceeded';
    const succeeded =
      why === undefined
        ? { type, status: 'True', reason: type, message: '' }
        : { type, status: 'False', ...why };
    let conditions = withCondition(draft.status?.conditions, succeeded, at);
    if (
      why !== undefined &&
      isAllowed &&
      conditionStatus(conditions, 'OwnerRemediated') !== 'False'
    ) {
      const waiting = { status: 'False', reason: 'WaitingForRemediation', message: '' };
      conditions = withCondition(conditions, { type: 'OwnerRemediated', ...waiting }, at);
    }
    draft.status = { ...draft.status, conditions };
  });
}
