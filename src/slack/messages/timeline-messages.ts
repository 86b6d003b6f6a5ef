import type { ShownRun, ShownTimelineEvent } from '../../runs/shown-run.ts';
import { fallbackText, listSections } from './blocks.ts';
import { bold, line, moment } from './mrkdwn.ts';
import { rootKey } from './root-message.ts';
import type { WantedMessage } from './wanted-message.ts';

/** Beyond this many events a new message begins: nobody reads a longer one on a phone. */
const EVENTS_PER_MESSAGE = 10;
const SIGNS = { info: '•', warning: '⚠️ Warning:', error: '❌ Error:' } as const;

/**
 * The timeline as thread messages: events that follow each other within one step stand in one message, which grows in
 * place. The grouping of earlier events never changes when later ones come.
 */
export function timelineMessages(run: ShownRun, channel: string): WantedMessage[] {
  return eventGroups(run.timeline).map((events) => timelineMessage(run, events, channel));
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
  run: ShownRun,
  events: ShownTimelineEvent[],
  channel: string,
): WantedMessage {
  const stepId = events[0]?.stepId;
  const title = run.steps.find((step) => step.id === stepId)?.title ?? run.runbookTitle;
  const lines = [bold(title), ...events.map(eventLine)];
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

function eventLine(event: ShownTimelineEvent): string {
  return `${SIGNS[event.level]} ${moment(event.at, '{time_secs}')} ${line(event.text, 190)}`;
}
