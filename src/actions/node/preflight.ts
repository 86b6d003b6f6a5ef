import pLimit from 'p-limit';
import {
  type Cluster,
  isKubernetesError,
  type KubernetesError,
} from '../../kubernetes/kubernetes.ts';
import { budgetNumbers } from '../budget-outlook.ts';
import { LEAVE_PROTECTED } from './drain-filters.ts';
import { type Fate, leaves } from './judge-pod.ts';

const ASKED_AT_ONCE = 4;

/** What the API server itself would answer to the evictions of a drain, each asked alone. */
export interface Preflight {
  readonly fates: readonly Fate[];
  readonly accepted: number;
  readonly refused: number;
  /** Not answered with yes or no: the server was busy, or not reached. */
  readonly unanswered: number;
  /** Refusals that no budget explains: RBAC, an admission policy. */
  readonly denied: readonly { readonly pod: string; readonly why: string }[];
}

type Answer =
  | { readonly status: 'accepted' | 'gone' }
  | { readonly status: 'unanswered' }
  | { readonly status: 'refused'; readonly fate: Partial<Fate>; readonly why: string }
  | { readonly status: 'denied'; readonly why: string };

/**
 * Asks by dry run for each pod that is to leave; a dry run never changes anything, not even a budget's count. Each pod
 * is asked alone, so two pods under a budget that allows one are both accepted: those are told apart by its number.
 */
export async function preflight(cluster: Cluster, fates: readonly Fate[]): Promise<Preflight> {
  const limit = pLimit(ASKED_AT_ONCE);
  const asked = await limit.map(fates, async (fate) => ({
    fate,
    answer: leaves(fate) ? await ask(cluster, fate) : undefined,
  }));
  const counts = { accepted: 0, refused: 0, unanswered: 0, denied: 0, gone: 0 };
  const denied: { pod: string; why: string }[] = [];
  const judged: Fate[] = [];
  for (const { fate, answer } of asked) {
    if (answer !== undefined) counts[answer.status] += 1;
    if (answer?.status === 'gone') continue;
    if (answer?.status === 'denied') {
      denied.push({ pod: fate.on.pod.metadata.name, why: answer.why });
    }
    judged.push(corrected(fate, answer));
  }
  const { accepted, refused, unanswered } = counts;
  return { fates: inTurn(judged), accepted, refused, unanswered, denied };
}

async function ask(cluster: Cluster, { on }: Fate): Promise<Answer> {
  const { namespace = 'default', name, uid } = on.pod.metadata;
  try {
    await cluster.evict({ namespace, name, uid }, { dryRun: true });
    return { status: 'accepted' };
  } catch (error) {
    if (!isKubernetesError(error)) throw error;
    return answerOf(error);
  }
}

function answerOf(error: KubernetesError): Answer {
  const budget = error.causes.find(({ reason }) => reason === 'DisruptionBudget');
  if (budget !== undefined) {
    return { status: 'refused', fate: { verdict: 'waits' }, why: budget.message };
  }
  if (error.causes.some(({ reason }) => reason === 'NamespaceTerminating')) {
    const why = 'its namespace is going away, and it with it';
    return { status: 'refused', fate: { verdict: 'waits', reason: why }, why };
  }
  // 404: gone. 409: a namesake has taken its place, which is another pod.
  if (error.status === 404 || error.status === 409) return { status: 'gone' };
  if (error.status === 403) return { status: 'denied', why: error.message };
  if (isTwoBudgets(error)) {
    const why = 'more than one disruption budget covers it: the Eviction API refuses it for ever';
    return { status: 'refused', fate: neverUnder(why), why };
  }
  return { status: 'unanswered' };
}

/** The API server's fixed words; there is no reason code for it. */
export function isTwoBudgets({ status, message }: KubernetesError): boolean {
  return status === 500 && message.includes('more than one PodDisruptionBudget');
}

function neverUnder(reason: string): Partial<Fate> {
  const wayOut = 'change the selectors so that one budget covers it';
  const held = { verdict: 'never', reason, wayOut, exception: LEAVE_PROTECTED } as const;
  return { verdict: 'never', reason, undecided: [held] };
}

/** The server's answer counts more than what we worked out from the budgets. */
function corrected(fate: Fate, answer: Answer | undefined): Fate {
  if (answer?.status === 'refused') {
    const isKnown = fate.verdict === answer.fate.verdict;
    return isKnown ? fate : { ...fate, reason: answer.why, ...answer.fate };
  }
  if (answer?.status === 'accepted' && fate.verdict === 'waits') {
    return { ...fate, verdict: 'leaves now', reason: 'the API server would let it go now' };
  }
  return fate;
}

/** Of the pods under one budget only as many leave now as it allows; the rest wait for their turn. */
function inTurn(fates: readonly Fate[]): Fate[] {
  const used = new Map<string, number>();
  return fates.map((fate) => {
    const [budget] = fate.on.budgets;
    const allowed = budget?.status.disruptionsAllowed ?? 0;
    if (budget === undefined || fate.verdict !== 'leaves now' || allowed === 0) return fate;
    const before = used.get(budget.metadata.uid) ?? 0;
    used.set(budget.metadata.uid, before + 1);
    if (before < allowed) return fate;
    const name = `${budget.metadata.namespace}/${budget.metadata.name}`;
    const reason = `its turn: budget ${name} allows ${allowed} at a time (${budgetNumbers(budget)})`;
    return { ...fate, verdict: 'waits', reason };
  });
}
