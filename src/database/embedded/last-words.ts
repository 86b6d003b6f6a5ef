/** What a person can do about it, by what Postgres or initdb said when it ended. */
const WAYS_OUT: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [
    /No space left on device|Disk quota exceeded/,
    () => 'its disk is full: free some space (a new database takes 100 MB), then start again',
  ],
  [
    /initialized by PostgreSQL version (\d+).*this version (\d+)/,
    ([, old, ours]) =>
      `its data is of Postgres ${old}, and this Handrail brings Postgres ${ours} along: dump it with the Handrail that made it and restore it here, or set HANDRAIL_DATA_DIR to a new directory`,
  ],
  [
    /pg_control|could not find the database system|not a valid data directory|could not locate a valid checkpoint/,
    () =>
      'its data is not whole: restore it from a backup, or move `cluster` out of that directory to begin anew',
  ],
  [
    /wrong ownership|Permission denied|invalid permissions/i,
    () => 'its files belong to somebody else: give `cluster` to the owner of `socket` beside it',
  ],
];

/** The lines that say why, without the time and the process before each. */
export function lastWords(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.replace(/^[\d-]+ [\d:.]+ \w+ \[\d+\] /, '').trim())
    .filter((line) => line !== '');
  const telling = lines.filter((line) => /^(FATAL|PANIC|DETAIL|HINT|initdb: error):/.test(line));
  return (telling.length > 0 ? telling : lines).slice(-4).join('\n');
}

export function wayOutOf(output: string): string | undefined {
  for (const [pattern, wayOut] of WAYS_OUT) {
    const found = pattern.exec(output);
    if (found) return wayOut(found);
  }
  return undefined;
}
