import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command, RunCommand } from '../../src/triggers/command.ts';
import { parseCommand } from '../../src/triggers/slash-command.ts';
import { catalogue } from './two-runbooks.ts';

const parse = (text: string) => parseCommand(text, catalogue);

const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
/** What a person may want to say: no quotes in it, as none can be written inside others, and no dashes to begin with. */
const words = fc
  .array(fc.stringMatching(/^[A-Za-z0-9éü한日][A-Za-z0-9éü한日:;,.!?()/+=-]{0,7}$/u), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(' '));
const run: fc.Arbitrary<RunCommand> = fc
  .record(
    {
      node: name,
      maxParallel: fc.nat({ max: 99 }).map(String),
      reason: words,
      force: fc.constantFrom('true', 'false'),
      cluster: name,
      dryRun: fc.boolean(),
      accepted: fc.uniqueArray(name, { maxLength: 3 }),
    },
    { requiredKeys: ['node', 'dryRun', 'accepted'] },
  )
  .map(({ cluster, dryRun, accepted, ...inputs }) => ({
    kind: 'run',
    runbook: 'node-unstable',
    inputs,
    ...(cluster !== undefined && { cluster }),
    dryRun,
    accepted,
  }));

/** The ways in which a command can be written that are all the same to us. */
const manner = fc.record({
  quotes: fc.constantFrom(['"', '"'], ['“', '”'], ["'", "'"], ['‘', '’'], ['`', '`'], ['«', '»']),
  dash: fc.constantFrom('--', '—', '–'),
  space: fc.constantFrom(' ', '  ', '\t', '\u00a0'),
  mention: fc.constantFrom('', '<@U0HANDRAIL> '),
  isTargetNamed: fc.boolean(),
  areFlags: fc.boolean(),
  turn: fc.nat(),
});
type Manner = typeof manner extends fc.Arbitrary<infer T> ? T : never;

function written({ runbook, inputs, cluster, dryRun, accepted }: RunCommand, how: Manner): string {
  const quoted = (value: string) =>
    /\s/.test(value) ? how.quotes[0] + value + how.quotes[1] : value;
  const named = (key: string, value: string) =>
    how.areFlags && key !== 'force'
      ? `${how.dash}${key}${how.space}${quoted(value)}`
      : `${key}=${quoted(value)}`;
  const { node = '', ...others } = inputs;
  const parts = [
    how.isTargetNamed ? `node=${node}` : node,
    ...Object.entries(others).map(([key, value]) => named(key, value)),
    ...(cluster === undefined ? [] : [named('cluster', cluster)]),
    ...(dryRun ? [`${how.dash}dry-run`] : []),
    ...(accepted.length > 0 ? [named('accept', accepted.join(','))] : []),
  ];
  const at = how.turn % parts.length;
  const turned = [...parts.slice(at), ...parts.slice(0, at)];
  return how.mention + [runbook, ...turned].join(how.space);
}

describe('a command', () => {
  it('is read as it was meant, in whatever order, with whatever quotes, dashes and spaces', () => {
    fc.assert(
      fc.property(run, manner, (command, how) => {
        expect(parse(written(command, how))).toEqual(command);
      }),
      { numRuns: 1000 },
    );
  });

  const other: fc.Arbitrary<[string, Command]> = fc.oneof(
    name.map((run): [string, Command] => [`status ${run}`, { kind: 'status', run }]),
    name.map((run): [string, Command] => [`cancel ${run}`, { kind: 'cancel', run }]),
    name.map((target): [string, Command] => [`history ${target}`, { kind: 'history', target }]),
    name.map((cluster): [string, Command] => [`--cluster ${cluster}`, { kind: 'pick', cluster }]),
    fc.constantFrom<[string, Command]>(
      ['', { kind: 'pick' }],
      ['list', { kind: 'list' }],
      ['audit', { kind: 'audit' }],
      ['status', { kind: 'status' }],
      ['history', { kind: 'history' }],
      ['help oom', { kind: 'help', runbook: 'oom' }],
    ),
  );
  const mangled = fc.constantFrom(
    (text: string) => text,
    (text: string) => `  ${text}  `,
    (text: string) => text.replace(' ', '   '),
    (text: string) => `<@U0HANDRAIL> ${text}`,
    (text: string) => text.replace(/^--/, '—'),
  );

  it('that starts no run is read as it was meant', () => {
    fc.assert(
      fc.property(other, mangled, ([text, command], mangle) => {
        expect(parse(mangle(text))).toEqual(command);
      }),
    );
  });
});

describe('the command that a mistake suggests', () => {
  it('is one that is understood', () => {
    const nearly = fc
      .tuple(run, manner, fc.constantFrom('node-unstabel', 'nodeunstable', 'node_unstable'))
      .map(([command, how, wrong]) => written(command, how).replace('node-unstable', wrong));
    fc.assert(
      fc.property(nearly, (text) => {
        const answer = parse(text);
        fc.pre(answer.kind === 'mistake');
        const [first = ''] = answer.kind === 'mistake' ? answer.suggestions : [];
        expect(parse(first).kind).toBe('run');
      }),
    );
  });
});
