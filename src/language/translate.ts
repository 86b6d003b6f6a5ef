import { IntlMessageFormat } from 'intl-messageformat';
import { catalogues } from './catalogues.ts';
import { isMessage, isTranslations, type Language, type MessageValue, type Text } from './text.ts';

/** Says texts in one language. */
export interface Translate {
  (text: Text): string;
  readonly language: Language;
}

/**
 * Where a language has no words for a message, it is said in English. Never throws: an error must not be lost because its own words
 * are not right, nor a run unseen.
 */
export function translateTo(language: Language): Translate {
  const translate = (text: Text) => inLanguage(language, text);
  return Object.assign(translate, { language });
}

/** For logs, the audit log, programs, and whoever has no language of their own. */
export const inEnglish = translateTo('en');

/** What is left of a value once its texts are said: the same shape, with strings in their place. */
export type Translated<T> = T extends Text
  ? Extract<T, string> | (Exclude<T, string> extends never ? never : string)
  : T extends readonly (infer Item)[]
    ? readonly Translated<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Translated<T[Key]> }
      : T;

/** Says every text in a JSON value, such as a whole run. */
export function translated<T>(value: T, translate: Translate): Translated<T>;
export function translated(value: unknown, translate: Translate): unknown {
  if (Array.isArray(value)) return value.map((item) => translated(item, translate));
  if (typeof value !== 'object' || value === null) return value;
  if (isMessage(value) || isTranslations(value)) return translate(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, translated(item, translate)]),
  );
}

function inLanguage(language: Language, text: Text): string {
  if (typeof text === 'string') return text;
  if (isTranslations(text)) return text.in[language] ?? text.in.en;
  const values = Object.entries(text.values).map(([name, value]) => [
    name,
    valueIn(language, value),
  ]);
  try {
    return String(formatOf(language, text.icu).format(Object.fromEntries(values)));
  } catch {
    return text.icu;
  }
}

function valueIn(language: Language, value: MessageValue): string | number {
  if (typeof value === 'number') return value;
  return isList(value)
    ? value.map((item) => inLanguage(language, item)).join(', ')
    : inLanguage(language, value);
}

function isList(value: Text | readonly Text[]): value is readonly Text[] {
  return Array.isArray(value);
}

const formats = new Map<string, IntlMessageFormat>();

/** Parsed once: a run's view says the same hundred messages again and again. */
function formatOf(language: Language, icu: string): IntlMessageFormat {
  const key = `${language} ${icu}`;
  const known = formats.get(key);
  if (known) return known;
  const words = catalogues[language].get(icu) ?? icu;
  const format = new IntlMessageFormat(words, language, undefined, { ignoreTag: true });
  formats.set(key, format);
  return format;
}
