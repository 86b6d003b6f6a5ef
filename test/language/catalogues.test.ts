import { globSync, readFileSync } from 'node:fs';
import {
  isPluralElement,
  isPoundElement,
  isSelectElement,
  type MessageFormatElement,
  parse,
} from '@formatjs/icu-messageformat-parser';
import { describe, expect, it } from 'vitest';
import { catalogues } from '../../src/language/catalogues.ts';
import { LANGUAGES, type Language } from '../../src/language/text.ts';
import { saidMessages } from './said-messages.ts';

const said = saidMessages();
const translations = LANGUAGES.filter((language) => language !== 'en');

describe('the messages of the product', () => {
  it('are written out where they are said, so that they can be found', () => {
    expect(said.filter(({ icu }) => icu === '')).toEqual([]);
    expect(said.length).toBeGreaterThan(1);
  });

  it('are ICU messages', () => {
    expect(said.filter(({ icu }) => argumentsOf(icu) === undefined)).toEqual([]);
  });
});

describe.each(translations)('the catalogue of %s', (language) => {
  const catalogue = catalogues[language];

  it('has words for every message', () => {
    expect(said.filter(({ icu }) => !catalogue.has(icu))).toEqual([]);
  });

  it('has no words for what nobody says any more', () => {
    const known = new Set(said.map(({ icu }) => icu));
    expect([...catalogue.keys()].filter((icu) => !known.has(icu))).toEqual([]);
  });

  it('has the words of each message in one place', () => {
    const counts = Map.groupBy(catalogueFiles(language).flatMap(Object.keys), (icu) => icu);
    expect([...counts].filter(([, { length }]) => length > 1).map(([icu]) => icu)).toEqual([]);
  });

  it('puts in what the English puts in', () => {
    const wrong = [...catalogue].filter(
      ([icu, words]) => String(argumentsOf(icu)) !== String(argumentsOf(words)),
    );
    expect(wrong).toEqual([]);
  });
});

function catalogueFiles(language: Language): Record<string, string>[] {
  return globSync(`src/language/${language}/*.json`).map((file) =>
    JSON.parse(readFileSync(file, 'utf8')),
  );
}

/** The names of a message's arguments, in order; undefined where it is no ICU message. */
function argumentsOf(icu: string): string[] | undefined {
  try {
    return [...new Set(namesIn(parse(icu, { ignoreTag: true })))].toSorted();
  } catch {
    return undefined;
  }
}

function namesIn(elements: readonly MessageFormatElement[]): string[] {
  return elements.flatMap((element) => {
    if (isPluralElement(element) || isSelectElement(element)) {
      const branches = Object.values(element.options).flatMap(({ value }) => namesIn(value));
      return [element.value, ...branches];
    }
    const isArgument = 'value' in element && element.type !== 0 && !isPoundElement(element);
    return isArgument ? [element.value] : [];
  });
}
