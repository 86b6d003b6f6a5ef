import type { Node } from '../../kubernetes/resources/node.ts';
import type { Blocker, PlanContext } from '../action.ts';
import { podName } from '../pod-state.ts';
import { counted, listed } from '../words.ts';
import {
  BARE_PODS,
  DO_NOT_DISRUPT,
  type Held,
  LEAVE_PROTECTED,
  LOCAL_DATA,
} from './drain-filters.ts';
import type { Fate } from './judge-pod.ts';
import type { Preflight } from './preflight.ts';

/** What accepting an exception means for the pods it is about. */
const CONSEQUENCES: ReadonlyMap<string, string> = new Map([
  [BARE_PODS, 'evicted, and not coming back'],
  [LOCAL_DATA, 'evicted, and that data is lost'],
  [DO_NOT_DISRUPT, 'evicted all the same'],
  [LEAVE_PROTECTED, 'left alone; the others leave, and the machine is not replaced'],
]);

interface Question {
  readonly fate: Fate;
  readonly held: Held;
}

export function drainBlockers(
  context: PlanContext,
  { node, checked }: { node: Node; checked: Preflight },
): Blocker[] {
  const questions = checked.fates.flatMap((fate) =>
    fate.undecided.map((held): Question => ({ fate, held })),
  );
  const byException = Map.groupBy(questions, ({ held }) => held.exception ?? '');
  return [
    ...notCordoned(context, node),
    ...[...byException].map(([exception, group]) => exceptionBlocker(exception, group)),
    ...denied(checked),
  ];
}

function exceptionBlocker(exception: string, group: readonly Question[]): Blocker {
  const pods = listed(group.map(({ fate, held }) => `${podName(fate.on.pod)} (${held.reason})`));
  const ways = [...new Set(group.map(({ held }) => held.wayOut ?? ''))].join(', or ');
  const what =
    exception === LEAVE_PROTECTED ? 'can never be evicted' : 'cannot leave without a decision';
  return {
    code: exception.replaceAll('-', '_'),
    text: `${counted(group.length, 'pod')} ${what}: ${pods}.`,
    wayOut: `Either ${ways}; or accept \`${exception}\`: ${group.length === 1 ? 'the pod is' : 'the pods are'} ${CONSEQUENCES.get(exception)}.`,
    exception,
  };
}

/** Pods evicted from a node that takes pods may come straight back. */
function notCordoned({ earlier }: PlanContext, node: Node): Blocker[] {
  const { name, uid } = node.metadata;
  const willBe = earlier.some(({ verb, object }) => verb === 'cordon' && object.uid === uid);
  if (willBe || node.spec.unschedulable) return [];
  return [
    {
      code: 'node_not_cordoned',
      text: `Node ${name} takes pods, and no step before this one cordons it.`,
      wayOut: 'Put a node/cordon step before the drain.',
    },
  ];
}

function denied({ denied: pods }: Preflight): Blocker[] {
  const [first] = pods;
  if (first === undefined) return [];
  return [
    {
      code: 'eviction_denied',
      text: `The API server denies the eviction of ${counted(pods.length, 'pod')}, ${first.pod} among them: ${first.why}.`,
      wayOut: 'Grant `create` on `pods/eviction`, or see which admission policy denies it.',
    },
  ];
}
