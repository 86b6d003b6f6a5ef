import { say, type Text } from '../../language/text.ts';
import type { Translate } from '../../language/translate.ts';
import type { TimelineEvent } from '../../runs/run.ts';
import type { ShownRun, ShownTimelineEvent } from '../../runs/shown-run.ts';
import { fallbackText, listSections } from './blocks.ts';
import { bold, line, moment } from './mrkdwn.ts';
import { rootKey } from './root-message.ts';
import type { WantedMessage } from './wanted-message.ts';

/** Beyond this many events a new message begins: nobody reads a longer one on a phone. */
const EVENTS_PER_MESSAGE = 10;
const SIGNS: Readonly<Record<TimelineEvent['level'], (text: string) => Text>> = {
  info: (text) => text,
  warning: (text) => say('⚠️ Warning: {text}', { text }),
  error: (text) => say('❌ Error: {text}', { text }),
};

/**
 * The timeline as thread messages: events that follow each other within one step stand in one message, which grows in
 * place. The grouping of earlier events never changes when later ones come.
 */
export function timelineMessages(t: Translate, run: ShownRun, channel: string): WantedMessage[] {
  return eventGroups(run.timeline).map((events) => timelineMessage(t, run, { events, channel }));
}

function eventGroups(events: readonly ShownTimelineEvent[]): ShownTimelineEvent[][] {
  const groups: ShownTimelineEvent[][] = [];
  for (const event of events) {
    const current = groups.at(-1);
    if (current && current.length < EVENTS_PER_MESSAGE && current[0]?.stepId === event.stepId) {
      current.push(event);
    } else {
      groups.push([event]);
    }
  }
  return groups;
}

function timelineMessage(
  t: Translate,
  run: ShownRun,
  { events, channel }: { readonly events: ShownTimelineEvent[]; readonly channel: string },
): WantedMessage {
  const stepId = events[0]?.stepId;
  const title = run.steps.find((step) => step.id === stepId)?.title ?? run.runbookTitle;
  const lines = [bold(title), ...events.map((event) => eventLine(t, event))];
  const worst = events.filter((event) => event.level === 'error').length;
  return {
    key: `run/${run.id}/timeline/${events[0]?.seq ?? 0}`,
    channel,
    threadKey: rootKey(run.id),
    phase: `errors: ${worst}`,
    text: fallbackText(lines),
    blocks: listSections('', lines),
  };
}

function eventLine(t: Translate, event: ShownTimelineEvent): string {
  const said = t(SIGNS[event.level](line(event.text, 190)));
  return `• ${moment(event.at, '{time_secs}')} ${said}`;
}
