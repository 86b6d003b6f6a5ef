import type { Language } from '../../language/text.ts';
import { translated, translateTo } from '../../language/translate.ts';
import type { Run } from '../../runs/run.ts';
import { approvalCard } from './approval-card.ts';
import { approverMessage } from './approver-dm.ts';
import { planMessage } from './plan-message.ts';
import { rootMessage } from './root-message.ts';
import { summaryMessage } from './summary-message.ts';
import { timelineMessages } from './timeline-messages.ts';
import type { WantedMessage } from './wanted-message.ts';

/** Somebody who is told of a gate in person, in their own language. */
export interface ToldApprover {
  readonly user: string;
  readonly language: Language;
}

/** What a view of a run needs besides the run. */
export interface Surroundings {
  /** The channel of the run's cluster. */
  readonly channel: string;
  /** What is spoken there. */
  readonly language: Language;
  /** Who is told of a gate in person, by gate. */
  readonly approvers: ReadonlyMap<number, readonly ToldApprover[]>;
}

/**
 * All messages of a run, as they ought to stand now, in the order in which they are first posted. A pure function of its
 * arguments: the outbox compares it with what stands.
 */
export function renderRun(
  state: Run,
  { channel, language, approvers }: Surroundings,
): WantedMessage[] {
  const t = translateTo(language);
  const run = translated(state, t);
  const summary = summaryMessage(t, run, channel);
  // while the plan is made nothing has happened yet that people wait for more than for the plan itself
  const timeline = run.status === 'planning' ? [] : timelineMessages(t, run, channel);
  return [
    rootMessage(t, run, channel),
    ...planMessage(t, run, channel),
    ...run.approvals.map((approval) => approvalCard(t, run, { approval, channel })),
    ...personalMessages(state, approvers),
    ...timeline,
    ...(summary ? [summary] : []),
  ];
}

function personalMessages(state: Run, approvers: Surroundings['approvers']): WantedMessage[] {
  return [...approvers].flatMap(([gate, people]) =>
    people.flatMap(({ user, language }) => {
      const t = translateTo(language);
      const run = translated(state, t);
      const approval = run.approvals.find((each) => each.gate === gate);
      return approval ? [approverMessage(t, run, { approval, user })] : [];
    }),
  );
}
