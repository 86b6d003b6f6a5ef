import { say, type Text } from '../../language/text.ts';
import type { Translate } from '../../language/translate.ts';
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
export function personName(t: Translate, person: Person): string {
  if (person.kind === 'slack') return `<@${escaped(person.id)}>`;
  return `${line(person.name, 80)} (${t(ORIGINS[person.kind])})`;
}

const ORIGINS: Readonly<Record<Exclude<Person['kind'], 'slack'>, Text>> = {
  cli: say('command line'),
  alert: say('alert'),
  schedule: say('schedule'),
};

/** A moment in each reader's own time zone. `form` is Slack's, such as `{time}`. */
export function moment(at: number, form = '{date_short_pretty} {time}'): string {
  const fallback = `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${Math.floor(at / 1000)}^${form}|${fallback}>`;
}

/** A length of time as people say it: `45 s`, `4 min 12 s`, `2 h 5 min`. */
export function duration(t: Translate, ms: number): string {
  const all = Math.max(0, Math.round(ms / 1000));
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor((all % 3600) / 60);
  const seconds = all % 60;
  if (hours > 0 && minutes > 0) return t(say('{hours} h {minutes} min', { hours, minutes }));
  if (hours > 0) return t(say('{hours} h', { hours }));
  if (minutes > 0 && seconds > 0) return t(say('{minutes} min {seconds} s', { minutes, seconds }));
  return t(minutes > 0 ? say('{minutes} min', { minutes }) : say('{seconds} s', { seconds }));
}
