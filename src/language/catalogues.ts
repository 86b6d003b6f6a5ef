import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { LANGUAGES, type Language } from './text.ts';

const Catalogue = z.record(z.string(), z.string());

/** What each English message is in a language, from the JSON files beside this one. English is its own. */
export const catalogues = Object.fromEntries(
  LANGUAGES.map((language) => [language, readCatalogue(language)]),
) as Readonly<Record<Language, ReadonlyMap<string, string>>>;

function readCatalogue(language: Language): ReadonlyMap<string, string> {
  if (language === 'en') return new Map();
  const folder = new URL(`./${language}/`, import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return new Map(
    files.flatMap((name) =>
      Object.entries(Catalogue.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))),
    ),
  );
}
