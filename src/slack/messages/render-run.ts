import { inEnglish, translated } from '../../language/translate.ts';
import type { Run } from '../../runs/run.ts';
import { approvalCard } from './approval-card.ts';
import { approverMessage } from './approver-dm.ts';
import { planMessage } from './plan-message.ts';
import { rootMessage } from './root-message.ts';
import { summaryMessage } from './summary-message.ts';
import { timelineMessages } from './timeline-messages.ts';
import type { WantedMessage } from './wanted-message.ts';

/** What a view of a run needs besides the run. */
export interface Surroundings {
  /** The channel of the run's cluster. */
  readonly channel: string;
  /** User ids who are told of a gate in person, by gate. */
  readonly approvers: ReadonlyMap<number, readonly string[]>;
}

/**
 * All messages of a run, as they ought to stand now, in the order in which they are first posted. A pure function of its
 * arguments: the outbox compares it with what stands.
 */
export function renderRun(state: Run, { channel, approvers }: Surroundings): WantedMessage[] {
  const run = translated(state, inEnglish);
  const cards = run.approvals.map((approval) => approvalCard(run, approval, channel));
  const personal = run.approvals.flatMap((approval) =>
    (approvers.get(approval.gate) ?? []).map((user) => approverMessage(run, approval, user)),
  );
  const summary = summaryMessage(run, channel);
  // while the plan is made nothing has happened yet that people wait for more than for the plan itself
  const timeline = run.status === 'planning' ? [] : timelineMessages(run, channel);
  return [
    rootMessage(run, channel),
    ...(run.plan ? [planMessage(run, run.plan, channel)] : []),
    ...cards,
    ...personal,
    ...timeline,
    ...(summary ? [summary] : []),
  ];
}
