import type { Language } from '../../language/text.ts';
import { type Translate, translated, translateTo } from '../../language/translate.ts';
import type { Run } from '../../runs/run.ts';
import type { ShownRun } from '../../runs/shown-run.ts';
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
  const views = viewsOf(state);
  const { t, run } = views(language);
  const summary = summaryMessage(t, run, channel);
  // while the plan is made nothing has happened yet that people wait for more than for the plan itself
  const timeline = run.status === 'planning' ? [] : timelineMessages(t, run, channel);
  return [
    rootMessage(t, run, channel),
    ...planMessage(t, run, channel),
    ...run.approvals.map((approval) => approvalCard(t, run, { approval, channel })),
    ...personalMessages(views, approvers),
    ...timeline,
    ...(summary ? [summary] : []),
  ];
}

type Views = (language: Language) => { readonly t: Translate; readonly run: ShownRun };

/** A run in each language, worked out once: fifty people may be told of it, and its plan may be long. */
function viewsOf(state: Run): Views {
  const known = new Map<Language, ReturnType<Views>>();
  return (language) => {
    const t = translateTo(language);
    const view = known.get(language) ?? { t, run: translated(state, t) };
    known.set(language, view);
    return view;
  };
}

function personalMessages(views: Views, approvers: Surroundings['approvers']): WantedMessage[] {
  return [...approvers].flatMap(([gate, people]) =>
    people.flatMap(({ user, language }) => {
      const { t, run } = views(language);
      const approval = run.approvals.find((each) => each.gate === gate);
      return approval ? [approverMessage(t, run, { approval, user })] : [];
    }),
  );
}
