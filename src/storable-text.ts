/**
 * Text as Postgres can hold it: without NUL and halves of characters, which a message of somebody else's API may contain.
 * What cannot be held becomes the replacement character.
 */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** JSON whose texts Postgres can hold in a jsonb column. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? storableText(part) : part,
  );
}
