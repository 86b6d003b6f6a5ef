import { nearest } from '../did-you-mean.ts';
import { say, sentences } from '../language/text.ts';
import { cleanText, shownText } from '../runbooks/clean-text.ts';
import { VERBS } from '../runbooks/loader.ts';
import type { RunbookCatalogue } from '../runbooks/runbook.ts';
import { type Command, type CommandMistake, mistake } from './command.ts';
import { parseRunWords } from './run-words.ts';
import { type Token, tokens } from './tokens.ts';

type Verb = (typeof VERBS)[number];

/** What each verb may be followed by. */
const ARGUMENTS: Readonly<
  Record<Verb, { readonly name: string; readonly required?: true } | null>
> = {
  list: null,
  audit: null,
  status: { name: 'RUN' },
  cancel: { name: 'RUN', required: true },
  history: { name: 'target' },
  help: { name: 'RUNBOOK' },
};

/**
 * Reads the text after `/runbook`, a mention or `handrail`. Answers every text, and never throws.
 * @see docs/how-it-works.md for the grammar
 */
export function parseCommand(text: string, catalogue: RunbookCatalogue): Command | CommandMistake {
  const [first, ...rest] = tokens(withoutMention(text));
  if (first === undefined) return { kind: 'pick' };
  const word = cleanText(first.text);
  if (isDashed(word) || first.key !== undefined) return pickIn([first, ...rest], catalogue);
  const verb = VERBS.find((name) => name === word.toLowerCase());
  if (verb) return verbCommand(verb, rest, catalogue);
  const runbook = catalogue.find(word) ?? catalogue.find(word.toLowerCase());
  if (runbook === undefined) return unknownWord(word, rest, catalogue);
  if (runbook.on.command) return parseRunWords(runbook, rest);
  const { name } = runbook;
  return mistake(say('`{name}` is not started by a command: its file says so.', { name }), 'list');
}

/** `@Handrail status` arrives as `<@U0BOT> status`. */
function withoutMention(text: string): string {
  return text.replace(/^\s*<@[^>]*>/, '');
}

function isDashed(word: string): boolean {
  return /^[-—–]/.test(word);
}

/** The picker for one cluster: `/runbook --cluster kr`. */
function pickIn(words: readonly Token[], catalogue: RunbookCatalogue): Command | CommandMistake {
  const [first, second, third] = words;
  const isCluster = /^(--|[—–])?cluster$/i.test(first?.key ?? first?.text ?? '');
  const value = first?.key === undefined ? second : first;
  const rest = first?.key === undefined ? third : second;
  if (isCluster && value !== undefined && value.value !== '' && rest === undefined) {
    return { kind: 'pick', cluster: cleanText(value.value) };
  }
  const [example] = catalogue.names;
  const text = say('Begin with the name of a runbook, or with one of {verbs}.', { verbs: VERBS });
  return mistake(text, ...(example ? [example, 'list'] : ['list']));
}

function verbCommand(
  verb: Verb,
  words: readonly Token[],
  catalogue: RunbookCatalogue,
): Command | CommandMistake {
  const expected = ARGUMENTS[verb];
  const [first, tooMuch] = expected === null ? [undefined, words[0]] : words;
  const argument = first && cleanText(first.text);
  if (tooMuch !== undefined) {
    const usage = expected ? `${verb} [${expected.name}]` : verb;
    const word = shownText(tooMuch.text);
    return mistake(
      say('`{verb}` takes no `{word}`: write `{usage}`.', { verb, word, usage }),
      verb,
    );
  }
  if (expected?.required && !argument) {
    const text = say('Say which {argument}: `status` lists what is under way.', {
      argument: expected.name,
    });
    return mistake(text, 'status');
  }
  return withArgument(verb, argument, catalogue);
}

function withArgument(
  verb: Verb,
  argument: string | undefined,
  catalogue: RunbookCatalogue,
): Command | CommandMistake {
  switch (verb) {
    case 'list':
    case 'audit':
      return { kind: verb };
    case 'status':
      return argument ? { kind: 'status', run: argument } : { kind: 'status' };
    case 'cancel':
      return { kind: 'cancel', run: argument ?? '' };
    case 'history':
      return argument ? { kind: 'history', target: argument } : { kind: 'history' };
    case 'help':
      return help(argument, catalogue);
  }
}

function help(name: string | undefined, catalogue: RunbookCatalogue): Command | CommandMistake {
  if (!name) return { kind: 'help' };
  if (catalogue.find(name)) return { kind: 'help', runbook: name };
  const near = nearest(name, catalogue.names);
  const unknown = say('There is no runbook `{name}`.', { name: shownText(name) });
  if (near === undefined) return mistake(unknown, 'list');
  const meant = say('Did you mean `{near}`?', { near });
  return mistake(sentences([unknown, meant]), `help ${near}`);
}

function unknownWord(
  word: string,
  rest: readonly Token[],
  catalogue: RunbookCatalogue,
): CommandMistake {
  const near = nearest(word, [...catalogue.names, ...VERBS]);
  const unknown = say('There is no runbook or command `{word}`.', { word: shownText(word) });
  if (near === undefined) {
    const names = catalogue.names.slice(0, 12);
    const known =
      names.length > 0 ? say('Runbooks: {names}.', { names }) : say('There are no runbooks yet.');
    return mistake(sentences([unknown, known]), 'list', 'help');
  }
  const same = rest.map(rewritten).join(' ');
  const meant = say('Did you mean `{near}`?', { near });
  return mistake(sentences([unknown, meant]), `${near} ${same}`.trim());
}

/** A word such that it is read again as it was. */
function rewritten({ key, text, value }: Token): string {
  if (!/\s/u.test(text)) return text;
  return key === undefined ? `"${text}"` : `${key}="${value}"`;
}
