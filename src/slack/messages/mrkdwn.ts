import type { Person } from '../../runs/run.ts';

/**
 * Makes foreign text safe inside mrkdwn: no mention, link or date can be smuggled in.
 * @see https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** At most `max` characters, the last one an ellipsis where something was cut; never half a character. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Foreign text of at most `max` characters on one line, escaped. */
export function line(text: string, max = 300): string {
  return escaped(clip(text.replaceAll(/\s+/g, ' ').trim(), max));
}

export function bold(text: string, max = 200): string {
  return `*${line(text, max).replaceAll('*', '∗')}*`;
}

export function code(text: string): string {
  return `\`${line(text, 200).replaceAll('`', "'")}\``;
}

/** Where a person is known to Slack, their name as a mention; else the name and where it comes from. */
export function personName(person: Person): string {
  if (person.kind === 'slack') return `<@${escaped(person.id)}>`;
  const from = { cli: 'command line', alert: 'alert', schedule: 'schedule' }[person.kind];
  return `${line(person.name, 80)} (${from})`;
}

/** A moment in each reader's own time zone. `form` is Slack's, such as `{time}`. */
export function moment(at: number, form = '{date_short_pretty} {time}'): string {
  const fallback = `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${Math.floor(at / 1000)}^${form}|${fallback}>`;
}

/** A length of time as people say it: `45 s`, `4 min 12 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return joinUnits(Math.floor(seconds / 60), 'min', `${seconds % 60} s`);
  return joinUnits(Math.floor(seconds / 3600), 'h', `${Math.floor((seconds % 3600) / 60)} min`);
}

function joinUnits(count: number, unit: string, rest: string): string {
  return rest.startsWith('0 ') ? `${count} ${unit}` : `${count} ${unit} ${rest}`;
}

export function counted(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  return `${count} ${noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}
