const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
/** `<https://x|shown>`, `<mailto:a|shown>`, `<#C1|shown>`; without a label the address itself. */
const LINK = /<(?:[#@!])?(?:mailto:|tel:)?([^<>|]*)(?:\|([^<>]*))?>/g;
const QUOTES = new Set('"\'`“”‘’„«»');

/** Copied along from pages and chats, and seen by nobody: zero-width spaces, byte order marks, soft hyphens. */
const INVISIBLE = /[\u200B\u2060\uFEFF\u00AD]/g;
/** Controls, formats, halves of characters: everything that would not show. */
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu;

/**
 * The value that a person meant: without the quotes and backticks around it, and without the links that Slack makes of
 * anything that looks like a host name.
 * @see https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function cleanText(written: string): string {
  const plain = written
    .replace(INVISIBLE, '')
    .replace(LINK, (_, address: string, label: string | undefined) => label || address)
    .replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity)
    .trim();
  return withoutQuotes(plain).trim();
}

/** What was written, for a message: short, and with a code in the place of each character that would not show. */
export function shownText(written: string, max = 60): string {
  const characters = [...written];
  const text = characters.length > max ? `${characters.slice(0, max).join('')}…` : written;
  return text.replace(UNSHOWN, (unshown) => `\\u{${unshown.codePointAt(0)?.toString(16)}}`);
}

/** Only where both ends have one; letter by letter, because a pattern for this takes cubic time on a text of quotes. */
function withoutQuotes(text: string): string {
  let from = 0;
  let to = text.length;
  while (to - from >= 2 && QUOTES.has(text.charAt(from)) && QUOTES.has(text.charAt(to - 1))) {
    from += 1;
    to -= 1;
  }
  return text.slice(from, to);
}
