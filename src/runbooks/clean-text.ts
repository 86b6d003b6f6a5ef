const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
/** `<https://x|shown>`, `<mailto:a|shown>`, `<#C1|shown>`; without a label the address itself. */
const LINK = /<(?:[#@!])?(?:mailto:|tel:)?([^<>|]*)(?:\|([^<>]*))?>/g;
const QUOTES = /^(["'`“”‘’„«»]+)(.*?)(["'`“”‘’„«»]+)$/s;

/**
 * The value that a person meant: without the quotes and backticks around it, and without the links that Slack makes of
 * anything that looks like a host name.
 * @see https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function cleanText(written: string): string {
  const plain = written
    .replace(LINK, (_, address: string, label: string | undefined) => label || address)
    .replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity)
    .trim();
  return plain.replace(QUOTES, '$2').trim();
}
