/** The Warning header of an answer; none where there is nothing to warn of. RFC 7234, code 299 by nobody. */
export function warningHeaders(warnings: readonly string[]): Record<string, string> {
  if (warnings.length === 0) return {};
  const quoted = warnings.map((text) => `299 - "${text.replaceAll(/["\\]/g, '\\$&')}"`);
  return { warning: quoted.join(', ') };
}
