/** Foreign text on one line: nothing in it is taken for Markdown or HTML but `code`, which stays as it is. */
export function inline(text: string): string {
  return text
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : escaped(part)))
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>#|~]/g, (letter) => `\\${letter}`);
}

/** The same inside a table, where a bar ends a cell even in code, and a dash stands for nothing. */
export function cell(text: string): string {
  return text === '' ? '–' : inline(text).replaceAll(/(?<!\\)\|/g, '\\|');
}
