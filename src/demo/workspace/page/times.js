import { store } from './store.js';

const DATE_STYLES = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  date_pretty: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short_pretty: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long_pretty: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit' },
  time_secs: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
};
const STEPS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** A `<!date^…>` as the reader sees it: their language, their time zone. Slack's tokens in braces. */
export function dateText(seconds, format) {
  const { locale } = me();
  return format.replace(/\{([a-z_]+)\}/g, (whole, token) => {
    if (token === 'ago') return relative(seconds, locale);
    const style = DATE_STYLES[token];
    if (!style) return whole;
    if (token.endsWith('pretty') && isToday(seconds)) return words(locale).format(0, 'day');
    return formatted(seconds, locale, style);
  });
}

/** Time of day of a message, in the reader's time zone. */
export function clockOf(ts) {
  return formatted(Number(ts), 'en-GB', DATE_STYLES.time);
}

export function fullTimeOf(ts) {
  return formatted(Number(ts), 'en-GB', { dateStyle: 'full', timeStyle: 'medium' });
}

/** The day a message is filed under, such as `Today` or `Tuesday, 24 November`. */
export function dayOf(ts) {
  if (isToday(Number(ts))) return 'Today';
  return formatted(Number(ts), 'en-GB', { weekday: 'long', month: 'long', day: 'numeric' });
}

function isToday(seconds) {
  const day = { year: 'numeric', month: 'numeric', day: 'numeric' };
  return formatted(seconds, 'en-GB', day) === formatted(Date.now() / 1000, 'en-GB', day);
}

function relative(seconds, locale) {
  const distance = seconds - Date.now() / 1000;
  const [unit, size] = STEPS.find(([, length]) => Math.abs(distance) >= length) ?? ['second', 1];
  return words(locale).format(Math.round(distance / size), unit);
}

function words(locale) {
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
}

function formatted(seconds, locale, style) {
  const options = { ...style, timeZone: me().tz };
  return new Intl.DateTimeFormat(locale, options).format(seconds * 1000);
}

function me() {
  return store.users.get(store.workspace.me);
}
