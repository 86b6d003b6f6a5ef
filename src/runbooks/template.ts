import { parse } from '@marcbachmann/cel-js';

/** A piece of a text: as it stands, or an expression with the place of its source in the text. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly source: string; readonly offset: number };

const OPEN = '${{';
const CLOSE = '}}';

/** @throws UnclosedExpression: where `${{` has no `}}` */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (;;) {
    const open = text.indexOf(OPEN, at);
    if (open === -1) break;
    if (open > at) parts.push({ kind: 'text', text: text.slice(at, open) });
    const from = open + OPEN.length;
    const end = closing(text, from);
    if (end === -1) throw new UnclosedExpression(open);
    parts.push({ kind: 'expression', source: text.slice(from, end), offset: from });
    at = end + CLOSE.length;
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  return parts;
}

export function hasExpression(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(OPEN);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasExpression);
}

/** The expression that is the whole of a text: its value keeps its type. */
export function wholeExpression(parts: readonly TemplatePart[]): string | undefined {
  const told = parts.filter((part) => part.kind === 'expression' || part.text.trim() !== '');
  const [only] = told;
  return told.length === 1 && only?.kind === 'expression' ? only.source : undefined;
}

export class UnclosedExpression extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super(`\`${OPEN}\` is never closed by \`${CLOSE}\``);
    this.offset = offset;
  }
}

/** The first `}}` at which the source is an expression: a map in a map ends with the same two letters. */
function closing(text: string, from: number): number {
  const first = text.indexOf(CLOSE, from);
  for (let end = first; end !== -1; end = text.indexOf(CLOSE, end + 1)) {
    if (isExpression(text.slice(from, end))) return end;
    const next = text.indexOf(OPEN, from);
    if (next !== -1 && next < end) break;
  }
  return first;
}

function isExpression(source: string): boolean {
  try {
    parse(source);
    return true;
  } catch {
    return false;
  }
}
