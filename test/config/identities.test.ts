import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config.ts';
import { directoryWith } from '../runbooks/written-runbook.ts';

function load(identities: string) {
  const clusters = 'clusters:\n  - { name: kr, region: ap-northeast-2, channel: C0KROPS }\n';
  const dir = directoryWith({ 'handrail.yml': `${clusters}identities:\n${identities}` });
  mkdirSync(join(dir, 'runbooks'));
  return loadSettings(join(dir, 'handrail.yml'), {}).identities;
}

describe('the accounts of the command line', () => {
  it('are tied to users of Slack', () => {
    expect(load('  - { account: ops, slack: U0MINA }\n')).toEqual([
      { account: 'ops', slack: 'U0MINA' },
    ]);
  });

  it.each([
    [
      'of two people at once',
      '  - { account: ops, slack: U0MINA }\n  - { account: ops, slack: U0JUN }\n',
      '5:16: identities[1].account: account `ops` is already tied to U0MINA',
    ],
    [
      'tied to a name instead of an id',
      '  - { account: ops, slack: mina }\n',
      'identities[0].slack: expected a Slack user id: U…',
    ],
  ])('are refused where one is %s', (_, identities, message) => {
    expect(() => load(identities)).toThrow(message);
  });
});
