import type { IcuValues } from './icu-arguments.ts';

export const LANGUAGES = ['en', 'ko', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * A sentence in every language: the English ICU message, by which the catalogues know it too, and what to put in.
 * Plain JSON: it can be stored, and shown later in the language of whoever reads it.
 * @see https://unicode-org.github.io/icu/userguide/format_parse/messages/
 */
export type Message = {
  readonly icu: string;
  readonly values: { readonly [name: string]: MessageValue };
};

/** Words that their author wrote in several languages, such as a runbook's title. */
export type Translations = {
  readonly in: { readonly en: string } & { readonly [Other in Language]?: string };
};

/** Words for people. A plain string is a name, or words that are not ours: the same in every language. */
export type Text = string | Message | Translations;
/** Words among the values are translated too; a list is joined with commas. */
export type MessageValue = Text | number | readonly Text[];

/**
 * Says something in English such that it can be shown in every language.
 * @param icu written out at the call: a test looks for it in the catalogues
 * @example say('{count, plural, one {# pod} other {# pods}} on {node}', { count, node })
 */
export function say<const Icu extends string>(
  icu: Icu,
  ...[values = {}]: IcuValues<Icu, MessageValue>
): Message {
  return { icu, values };
}

/** Sentences one after the other; empty where there are none. */
export function sentences(texts: readonly Text[]): Text {
  return joined(texts, (first, others) => say('{first} {others}', { first, others }));
}

/** Sentences that have no full stop of their own, such as the summaries of steps, as one that has none either. */
export function clauses(texts: readonly Text[]): Text {
  return joined(texts, (first, others) => say('{first}; {others}', { first, others }));
}

/** One below the other. */
export function lines(texts: readonly Text[]): Text {
  return joined(texts, (first, others) => say('{first}\n{others}', { first, others }));
}

/** By halves, so that a thousand texts are ten deep: whoever says them goes down into each. */
function joined(texts: readonly Text[], join: (first: Text, others: Text) => Text): Text {
  const [first, ...others] = texts.filter((text) => text !== '');
  if (first === undefined || others.length === 0) return first ?? '';
  const half = Math.ceil(texts.length / 2);
  const [before, after] = [joined(texts.slice(0, half), join), joined(texts.slice(half), join)];
  return before === '' || after === '' ? before || after : join(before, after);
}

export function isMessage(value: object): value is Message {
  if (!('icu' in value && 'values' in value)) return false;
  return typeof value.icu === 'string' && typeof value.values === 'object' && value.values !== null;
}

export function isTranslations(value: object): value is Translations {
  const words = 'in' in value ? value.in : undefined;
  return typeof words === 'object' && words !== null && 'en' in words;
}
