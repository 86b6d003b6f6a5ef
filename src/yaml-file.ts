import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import type { z } from 'zod';
import { errorMessage, RunbookError } from './errors.ts';
import { withoutSecrets } from './log.ts';
import { readText } from './read-text.ts';
import { issueError, issueProblems } from './yaml-issues.ts';

export type YamlPath = readonly PropertyKey[];

/** One thing wrong with a file. Line and column count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where in the document, such as `steps[2].with.node`; empty for the file itself. */
  readonly path: string;
  readonly message: string;
}

/** As somebody reads a file: from its top. Files stay in the order they came in. */
export function inReadingOrder(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return problems.toSorted(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}

export function formatProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  return problem.path === ''
    ? `${place}: ${problem.message}`
    : `${place}: ${problem.path}: ${problem.message}`;
}

/** Every problem of one or more files of ours at once. */
export class FileInvalidError extends RunbookError {
  readonly problems: readonly Problem[];

  constructor(found: readonly Problem[], options: { cause?: unknown } = {}) {
    const problems = inReadingOrder(found);
    super('file_invalid', problems.map(formatProblem).join('\n'), {
      ...options,
      data: { problems },
    });
    this.problems = problems;
  }
}

/** What is pointed at: the value, the key before it, or a character inside a text. */
export type Spot = 'value' | 'key' | { readonly offset: number };

/** A YAML 1.2 file (core schema) that knows where each of its values stands. */
export class YamlFile {
  readonly file: string;
  readonly #source: string;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  constructor(file: string, source: string) {
    this.file = file;
    this.#source = source;
    this.#lines = new LineCounter();
    this.#document = parseDocument(source, {
      version: '1.2',
      schema: 'core',
      uniqueKeys: true,
      prettyErrors: false,
      lineCounter: this.#lines,
    });
    const errors = withoutAftermath([...this.#document.errors, ...this.#document.warnings]);
    if (errors.length > 0) throw new FileInvalidError(errors.map((e) => this.#syntaxProblem(e)));
  }

  /** @throws FileInvalidError (`file_invalid`) when it cannot be read or is no YAML */
  static read(file: string): YamlFile {
    const read = readText(file);
    if ('text' in read) return new YamlFile(file, read.text);
    const { problem: message, line, column, cause } = read;
    throw new FileInvalidError([{ file, line, column, path: '', message }], { cause });
  }

  /** @returns what the schema makes of the content, or every problem that it has with it */
  check<T>(schema: z.ZodType<T>): { data: T } | { problems: Problem[] } {
    if (this.#document.contents === null) return { problems: [this.problem([], 'is empty')] };
    const result = schema.safeParse(this.#value(), { error: issueError });
    if (result.success) return { data: result.data };
    const found = result.error.issues.flatMap(issueProblems);
    return { problems: found.map(({ path, spot, message }) => this.problem(path, message, spot)) };
  }

  /** Whether the document has this key at its top. */
  has(key: string): boolean {
    return isMap(this.#document.contents) && this.#document.contents.has(key);
  }

  problem(path: YamlPath, message: string, spot: Spot = 'value'): Problem {
    const { line, col } = this.#lines.linePos(this.#offset(path, spot));
    return {
      file: this.file,
      line,
      column: col,
      path: dotted(path),
      message: withoutSecrets(message),
    };
  }

  /** @throws FileInvalidError: aliases that would grow beyond all measure, and depths that no stack holds */
  #value(): unknown {
    try {
      return this.#document.toJS() ?? undefined;
    } catch (cause) {
      throw new FileInvalidError([this.problem([], inOurWords(errorMessage(cause)))], { cause });
    }
  }

  #offset(path: YamlPath, spot: Spot): number {
    const { key, value } = this.#find(path);
    if (spot === 'key') return start(key) ?? start(value) ?? 0;
    const from = start(value) ?? start(key) ?? 0;
    if (spot === 'value') return from;
    const text = this.#textStart(value, from);
    return text === undefined ? from : text + spot.offset;
  }

  /** Where a text stands letter by letter; undefined where it is folded, escaped or indented. */
  #textStart(value: Node | undefined, from: number): number | undefined {
    if (!isScalar(value) || typeof value.value !== 'string') return undefined;
    const end = value.range?.[1] ?? from;
    const at = this.#source.indexOf(value.value.trimEnd(), from);
    return at === -1 || at >= end ? undefined : at;
  }

  /** The deepest node there is on the way: a missing key is reported where it is missing. */
  #find(path: YamlPath): { key?: Node | undefined; value?: Node | undefined } {
    let value: Node | undefined = this.#document.contents ?? undefined;
    let key: Node | undefined;
    for (const part of path) {
      const next = child(value, part);
      if (next === undefined) return { key, value };
      key = next.key ?? key;
      value = next.value;
    }
    return { key, value };
  }

  /** The library points at where the file ends, which says nothing: where the text begins does. */
  #scalarUpTo(end: number): number {
    let from = end;
    visit(this.#document, {
      Scalar: (_key, { range }) => {
        if (range && range[0] < end && range[1] >= end - 1) from = range[0];
      },
    });
    return from;
  }

  #syntaxProblem(error: YAMLError): Problem {
    const isOpen = /^Missing closing ["'] ?quote/.test(error.message);
    const at = isOpen ? this.#scalarUpTo(error.pos[0]) : error.pos[0];
    const { line, col } = this.#lines.linePos(at);
    const text = this.#source.split('\n')[line - 1] ?? '';
    const inFlow = /[{,]\s*[^'"]*\$\{\{/.test(text);
    const hint = inFlow ? '; between { and } an expression must stand in quotes' : '';
    const said = isOpen
      ? 'this quote is never closed'
      : (OUR_WORDS[error.code] ?? inOurWords(error.message));
    return { file: this.file, line, column: col, path: '', message: said + hint };
  }
}

const OUR_WORDS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key stands here twice',
  MULTIPLE_DOCS: 'a second document begins here: one file holds one',
};

/** What the library says of contents that are meant to hurt. */
function inOurWords(message: string): string {
  if (message.startsWith('Excessive alias count')) {
    return 'its aliases (*name) stand for more than can be read: write the values out';
  }
  return message.startsWith('Maximum call stack') ? 'it is nested too deeply' : message;
}

/** What stands on its own, and the first break: those after it are its consequences. */
function withoutAftermath(errors: readonly YAMLError[]): YAMLError[] {
  const isAlone = ({ code }: YAMLError) =>
    code === 'DUPLICATE_KEY' || code === 'TAG_RESOLVE_FAILED';
  const broken = errors.find((error) => !isAlone(error));
  return broken ? [broken] : [...errors];
}

interface Child {
  readonly key?: Node;
  readonly value: Node | undefined;
}

function child(parent: Node | undefined, part: PropertyKey): Child | undefined {
  if (isSeq(parent) && typeof part === 'number') {
    const item = parent.items[part];
    return isNode(item) ? { value: item } : undefined;
  }
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  if (pair === undefined) return undefined;
  const value = isNode(pair.value) ? pair.value : undefined;
  return isNode(pair.key) ? { key: pair.key, value } : { value };
}

function start(node: Node | undefined): number | undefined {
  return node?.range?.[0];
}

function dotted(path: YamlPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}
