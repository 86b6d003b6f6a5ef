/** Undefined where the text is no JSON. What it is instead is told to nobody: it may be a page, or hold a secret. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
