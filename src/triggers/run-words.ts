import { nearest } from '../did-you-mean.ts';
import { lines, say, type Text } from '../language/text.ts';
import { inEnglish } from '../language/translate.ts';
import { cleanText, shownText } from '../runbooks/clean-text.ts';
import { findInput, plainName, unknownInput } from '../runbooks/inputs.ts';
import type { Runbook } from '../runbooks/runbook.ts';
import { type CommandMistake, mistake, type RunCommand } from './command.ts';
import type { Token } from './tokens.ts';

interface Words {
  readonly inputs: Record<string, string>;
  readonly accepted: string[];
  readonly mistakes: CommandMistake[];
  cluster?: string;
  dryRun: boolean;
}

const MOST_TOLD = 5;
/** Phones make one long dash of two hyphens. */
const DASHES = /^(--|[—–])(?=.)/;
const FLAGS = ['--cluster', '--dry-run', '--accept'];

/** `[target] [key=value…] [--cluster NAME] [--dry-run] [--accept name,name]` after the name of a runbook. */
export function parseRunWords(
  runbook: Runbook,
  tokens: readonly Token[],
): RunCommand | CommandMistake {
  const words: Words = { inputs: {}, accepted: [], mistakes: [], dryRun: false };
  const queue = [...tokens];
  for (let token = queue.shift(); token !== undefined; token = queue.shift()) {
    readToken(runbook, words, { token, queue });
  }
  if (words.mistakes.length > 0) {
    return mistake(
      firstFew(words.mistakes.map(({ text }) => text)),
      ...words.mistakes.flatMap(({ suggestions }) => suggestions),
    );
  }
  return {
    kind: 'run',
    runbook: runbook.name,
    inputs: words.inputs,
    ...(words.cluster !== undefined && { cluster: words.cluster }),
    dryRun: words.dryRun,
    accepted: [...new Set(words.accepted)],
  };
}

/** A paste of a thousand words is one mistake, not a thousand. */
function firstFew(texts: readonly Text[]): Text {
  const all = [...new Map(texts.map((text) => [inEnglish(text), text])).values()];
  const more = all.length - MOST_TOLD;
  return lines([
    ...all.slice(0, MOST_TOLD),
    ...(more > 0 ? [say('… and {more} more.', { more })] : []),
  ]);
}

interface Reading {
  readonly token: Token;
  /** The tokens that follow: a flag takes its value from there. */
  readonly queue: Token[];
}

function readToken(runbook: Runbook, words: Words, { token, queue }: Reading): void {
  const name = token.key ?? token.text;
  const isFlag = DASHES.test(name);
  const bare = name.replace(DASHES, '');
  if (!isFlag && token.key === undefined) readTarget(runbook, words, token);
  else if (plainName(bare) === 'dryrun') readDryRun(words, token);
  else if (isOwnKey(bare) || findInput(runbook, bare)) {
    const value = token.key === undefined ? flagValue(runbook, bare, queue) : token.value;
    readKey(runbook, words, { key: bare, value });
  } else words.mistakes.push(unknownKey(runbook, { name, isFlag }));
}

function readTarget(runbook: Runbook, words: Words, token: Token): void {
  if (!Object.hasOwn(words.inputs, runbook.target)) {
    words.inputs[runbook.target] = cleanText(token.text);
    return;
  }
  const first = words.inputs[runbook.target];
  const text = say(
    '`{runbook}` acts on one {target}: `{first}` or `{second}`? A value with spaces needs quotes.',
    {
      runbook: runbook.name,
      target: runbook.target,
      first: shownText(first ?? ''),
      second: shownText(token.text),
    },
  );
  words.mistakes.push(mistake(text, `${runbook.name} ${first}`));
}

/** `--dry-run`, and what people make of it: `dry-run=true`. */
function readDryRun(words: Words, token: Token): void {
  words.dryRun = token.key === undefined || !/^(false|no|off|0)$/i.test(cleanText(token.value));
}

function isOwnKey(bare: string): boolean {
  return ['cluster', 'accept'].includes(plainName(bare));
}

function flagValue(runbook: Runbook, bare: string, queue: Token[]): string | undefined {
  const next = queue[0];
  const isNextFlag = next === undefined || DASHES.test(next.text);
  if (findInput(runbook, bare)?.type === 'boolean') return 'true';
  return isNextFlag ? undefined : queue.shift()?.text;
}

function readKey(
  runbook: Runbook,
  words: Words,
  { key, value }: { key: string; value: string | undefined },
): void {
  const text = cleanText(value ?? '');
  if (value === undefined || text === '') {
    const missing = say('`{key}` needs a value: `{key}=…`.', { key });
    words.mistakes.push(mistake(missing, `help ${runbook.name}`));
  } else if (plainName(key) === 'cluster') {
    words.cluster = text;
  } else if (plainName(key) === 'accept') {
    words.accepted.push(...text.split(/[,\s]+/).filter((name) => name !== ''));
  } else setInput(runbook, words, { key, value: text });
}

function setInput(
  runbook: Runbook,
  { inputs, mistakes }: Words,
  { key, value }: { key: string; value: string },
): void {
  const name = findInput(runbook, key)?.name ?? key;
  const before = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  if (before !== undefined && before !== value) {
    const text = say('`{input}` is given twice: `{first}` and `{second}`.', {
      input: name,
      first: shownText(before),
      second: shownText(value),
    });
    mistakes.push(mistake(text, `help ${runbook.name}`));
  } else inputs[name] = value;
}

function unknownKey(
  runbook: Runbook,
  { name, isFlag }: { name: string; isFlag: boolean },
): CommandMistake {
  const near = isFlag ? nearest(name.replace(DASHES, '--'), FLAGS) : undefined;
  if (near) return mistake(say('There is no `{name}`; did you mean `{near}`?', { name, near }));
  return mistake(unknownInput(runbook, name), `help ${runbook.name}`);
}
