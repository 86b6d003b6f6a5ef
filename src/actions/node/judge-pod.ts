import { budgetNumbers, outlookOf } from '../budget-outlook.ts';
import { drainFilters, type Held, LEAVE_PROTECTED, type Verdict } from './drain-filters.ts';
import type { PodOnNode } from './pods-on-node.ts';
import type { Surges } from './surge.ts';

/** What becomes of one pod, and why. */
export interface Fate {
  readonly on: PodOnNode;
  readonly verdict: Verdict;
  readonly reason: string;
  /** What a person has to decide first: exceptions that were not accepted. */
  readonly undecided: readonly Held[];
  /** What was accepted by name, and what it means here. */
  readonly acceptedReasons: readonly string[];
}

interface Circumstances {
  readonly accepted: ReadonlySet<string>;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Absent where nothing is to be restarted. */
  readonly surges?: Pick<Surges, 'pods' | 'refused'>;
}

/** Runs a pod through the filters. An accepted exception lets it pass on to the next; past a budget, none does. */
export function judgePod(on: PodOnNode, circumstances: Circumstances): Fate {
  const { accepted, now, surges } = circumstances;
  const { uid } = on.pod.metadata;
  const held = drainFilters.flatMap((filter) => filter(on, now) ?? []);
  const aside = held.find(({ verdict }) => verdict === 'stays' || verdict === 'already leaving');
  if (aside !== undefined) return fate(on, aside);
  const isRestarted = surges?.pods.has(uid) ?? false;
  const never = held.find(({ verdict }) => verdict === 'never');
  if (never !== undefined && !isRestarted) {
    const why = surges?.refused.get(uid);
    return neverLeaves(on, why === undefined ? never : alsoRefused(never, why), accepted);
  }
  const decisions = held.filter(({ verdict }) => verdict === 'needs a decision');
  const undecided = decisions.filter(({ exception = '' }) => !accepted.has(exception));
  if (undecided.length > 0) {
    const reason = undecided.map((each) => each.reason).join('; ');
    return { ...fate(on, { verdict: 'needs a decision', reason }), undecided };
  }
  const waits = held.find(({ verdict }) => verdict === 'waits');
  const leaving = waits ?? { verdict: 'leaves now', reason: whyNow(on) };
  return {
    ...fate(on, isRestarted ? byRestart(never) : leaving),
    acceptedReasons: decisions.map((each) => each.reason),
  };
}

function fate(on: PodOnNode, { verdict, reason }: Pick<Fate, 'verdict' | 'reason'>): Fate {
  return { on, verdict, reason, undecided: [], acceptedReasons: [] };
}

/** Accepting it means that the pod is left alone, never that the budget is passed over. */
function neverLeaves(on: PodOnNode, held: Held, accepted: ReadonlySet<string>): Fate {
  const isAccepted = accepted.has(LEAVE_PROTECTED);
  const reason = isAccepted
    ? `${held.reason}; left alone, as accepted (${LEAVE_PROTECTED})`
    : held.reason;
  const undecided = isAccepted ? [] : [held];
  return { on, verdict: 'never', reason, undecided, acceptedReasons: [] };
}

/** A budget that never lets it be evicted is kept all the same: at no time is there a pod less. */
function byRestart(never: Held | undefined): Pick<Fate, 'verdict' | 'reason'> {
  const reason = 'its only pod: a new one is Ready elsewhere before this one goes';
  return {
    verdict: 'leaves by restart',
    reason: never === undefined ? reason : `${reason}, for ${never.reason}`,
  };
}

function alsoRefused(never: Held, why: string): Held {
  return {
    ...never,
    reason: `${never.reason}; and its Deployment cannot bring up a new pod first: ${why}`,
  };
}

function whyNow({ pod, budgets }: PodOnNode): string {
  const outlook = outlookOf(pod, budgets);
  if (outlook.status === 'allows') {
    const numbers = budgets.map(budgetNumbers).join(', ');
    return `budget ${outlook.budget} allows ${outlook.allowed} now (${numbers})`;
  }
  return outlook.status === 'free' ? outlook.why : '';
}

export function leavesByRestart({ verdict }: Fate): boolean {
  return verdict === 'leaves by restart';
}

/** The pods that the drain evicts, sooner or later. */
export function leaves({ verdict }: Fate): boolean {
  return verdict === 'leaves now' || verdict === 'waits';
}
