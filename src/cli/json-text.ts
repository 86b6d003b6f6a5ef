/** For programs, and still readable for people; times are milliseconds since 1970. */
export function jsonText(value: object): string {
  return JSON.stringify(value, null, 2);
}
