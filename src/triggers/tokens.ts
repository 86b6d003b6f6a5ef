/** One word of a command, without its quotes. */
export interface Token {
  readonly text: string;
  /** What stands before the first `=` outside quotes; absent where there is none. */
  readonly key?: string;
  readonly value: string;
}

/** Opening quotes and what closes them: phones write curly ones. */
const QUOTES: Readonly<Record<string, string>> = {
  '"': '"”“„',
  '“': '”"“',
  '”': '”"',
  '„': '”“"',
  "'": "'’",
  '‘': "’'",
  '«': '»',
  '`': '`',
};
const SPACE = /\s/u;
const KEY = /^[\p{L}][\p{L}\p{N}_-]*$/u;

/** Splits a command into words; a quote that is never closed reaches to the end. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  const letters = [...text];
  let at = 0;
  while (at < letters.length) {
    if (SPACE.test(letters[at] ?? '')) at += 1;
    else {
      const word = readWord(letters, at);
      found.push(word.token);
      at = word.end;
    }
  }
  return found;
}

function readWord(letters: readonly string[], from: number): { token: Token; end: number } {
  let text = '';
  let key: string | undefined;
  let valueFrom = 0;
  let at = from;
  while (at < letters.length && !SPACE.test(letters[at] ?? '')) {
    const atStart = text.length === valueFrom;
    const group = atStart ? readGroup(letters, at) : undefined;
    if (group) {
      text += group.text;
      at = group.end;
      continue;
    }
    if (letters[at] === '=' && key === undefined && isKey(text)) {
      key = text;
      valueFrom = text.length + 1;
    }
    text += letters[at];
    at += 1;
  }
  const value = text.slice(valueFrom);
  return { token: key === undefined ? { text, value } : { text, key, value }, end: at };
}

/** `key` or `--key`; phones make one long dash of two hyphens. */
function isKey(text: string): boolean {
  return KEY.test(text.replace(/^(--|[—–])/, ''));
}

/** Text in quotes, or a link of Slack's, whose label may hold spaces. Only at the start of a word or of a value. */
function readGroup(
  letters: readonly string[],
  from: number,
): { text: string; end: number } | undefined {
  const open = letters[from] ?? '';
  if (open === '<') {
    const end = letters.indexOf('>', from);
    return end === -1 ? undefined : { text: letters.slice(from, end + 1).join(''), end: end + 1 };
  }
  const closers = QUOTES[open];
  if (closers === undefined) return undefined;
  let end = from + 1;
  while (end < letters.length && !closers.includes(letters[end] ?? '')) end += 1;
  return { text: letters.slice(from + 1, end).join(''), end: end + 1 };
}
