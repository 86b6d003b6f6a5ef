import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inEnglish } from '../../src/language/translate.ts';
import { RunbookCatalogue } from '../../src/runbooks/runbook.ts';
import type { Command, CommandMistake } from '../../src/triggers/command.ts';
import { parseCommand } from '../../src/triggers/slash-command.ts';
import { catalogue } from './two-runbooks.ts';

const parse = (text: string) => parseCommand(text, catalogue);

/** What a run command says beyond the runbook and its defaults. */
function run(parts: Partial<Extract<Command, { kind: 'run' }>>): Command {
  return {
    kind: 'run',
    runbook: 'node-unstable',
    inputs: {},
    dryRun: false,
    accepted: [],
    ...parts,
  };
}

describe('a command that runs a runbook', () => {
  it.each<[string, Command]>([
    ['node-unstable', run({})],
    ['node-unstable kr-b-2', run({ inputs: { node: 'kr-b-2' } })],
    ['  Node-Unstable   kr-b-2 ', run({ inputs: { node: 'kr-b-2' } })],
    ['<@U0BOT> node-unstable kr-b-2', run({ inputs: { node: 'kr-b-2' } })],
    ['`node-unstable` `kr-b-2`', run({ inputs: { node: 'kr-b-2' } })],
    ['node-unstable node=kr-b-2', run({ inputs: { node: 'kr-b-2' } })],
    ['node-unstable kr-b-2 max-parallel=2', run({ inputs: { node: 'kr-b-2', maxParallel: '2' } })],
    [
      'node-unstable kr-b-2 --max-parallel 2',
      run({ inputs: { node: 'kr-b-2', maxParallel: '2' } }),
    ],
    [
      'node-unstable --max-parallel=2 kr-b-2',
      run({ inputs: { node: 'kr-b-2', maxParallel: '2' } }),
    ],
    ['node-unstable --force kr-b-2', run({ inputs: { node: 'kr-b-2', force: 'true' } })],
    [
      'node-unstable a reason="it flaps again"',
      run({ inputs: { node: 'a', reason: 'it flaps again' } }),
    ],
    ['node-unstable a reason=“it flaps”', run({ inputs: { node: 'a', reason: 'it flaps' } })],
    ["node-unstable a reason=it's", run({ inputs: { node: 'a', reason: "it's" } })],
    ['node-unstable a reason=a=b', run({ inputs: { node: 'a', reason: 'a=b' } })],
    [
      'node-unstable a reason="never closed',
      run({ inputs: { node: 'a', reason: 'never closed' } }),
    ],
    [
      'node-unstable <http://a.example.com|a.example.com>',
      run({ inputs: { node: 'a.example.com' } }),
    ],
    ['node-unstable a --cluster jp', run({ inputs: { node: 'a' }, cluster: 'jp' })],
    [
      'node-unstable a --cluster=jp --dry-run',
      run({ inputs: { node: 'a' }, cluster: 'jp', dryRun: true }),
    ],
    [
      'node-unstable a —cluster jp —dry-run',
      run({ inputs: { node: 'a' }, cluster: 'jp', dryRun: true }),
    ],
    ['node-unstable a cluster=jp dry-run=no', run({ inputs: { node: 'a' }, cluster: 'jp' })],
    [
      'node-unstable a accept=emptyDir,bare',
      run({ inputs: { node: 'a' }, accepted: ['emptyDir', 'bare'] }),
    ],
    [
      'node-unstable a --accept "emptyDir, bare" accept=bare',
      run({ inputs: { node: 'a' }, accepted: ['emptyDir', 'bare'] }),
    ],
  ])('%s', (text, command) => {
    expect(parse(text)).toEqual(command);
  });
});

describe('the other commands', () => {
  it.each<[string, Command]>([
    ['', { kind: 'pick' }],
    ['  \n', { kind: 'pick' }],
    ['<@U0BOT>', { kind: 'pick' }],
    ['--cluster jp', { kind: 'pick', cluster: 'jp' }],
    ['cluster=jp', { kind: 'pick', cluster: 'jp' }],
    ['list', { kind: 'list' }],
    ['LIST', { kind: 'list' }],
    ['status', { kind: 'status' }],
    ['status r-abc234', { kind: 'status', run: 'r-abc234' }],
    ['cancel `r-abc234`', { kind: 'cancel', run: 'r-abc234' }],
    ['history', { kind: 'history' }],
    ['history node/kr-b-2', { kind: 'history', target: 'node/kr-b-2' }],
    ['audit', { kind: 'audit' }],
    ['help', { kind: 'help' }],
    ['help oom', { kind: 'help', runbook: 'oom' }],
  ])('%j', (text, command) => {
    expect(parse(text)).toEqual(command);
  });
});

describe('a runbook that is not for commands', () => {
  it('is not started by one', () => {
    const [first] = catalogue.all;
    const closed = first ? [{ ...first, on: { command: false } }] : [];

    const answer = parseCommand('node-unstable kr-b-2', new RunbookCatalogue(closed));

    expect(answer).toMatchObject({
      kind: 'mistake',
      text: '`node-unstable` is not started by a command: its file says so.',
    });
  });
});

describe('a mistake', () => {
  it.each([
    [
      'node-unstabel kr-b-2 reason="a b"',
      'Did you mean `node-unstable`?',
      ['node-unstable kr-b-2 reason="a b"'],
    ],
    ['lsit', 'Did you mean `list`?', ['list']],
    ['xyzzy', 'Runbooks: node-unstable, oom.', ['list', 'help']],
    ['cancel', 'Say which RUN', ['status']],
    ['list everything', '`list` takes no `everything`', ['list']],
    ['status a b', '`status` takes no `b`: write `status [RUN]`', ['status']],
    ['help node-unstabl', 'Did you mean `node-unstable`?', ['help node-unstable']],
    ['node=kr-b-2', 'Begin with the name of a runbook', ['node-unstable', 'list']],
    ['--cluster', 'Begin with the name of a runbook', ['node-unstable', 'list']],
    ['node-unstable a b', '`node-unstable` acts on one node: `a` or `b`?', ['node-unstable a']],
    ['node-unstable a node=b', '`node` is given twice: `a` and `b`', ['help node-unstable']],
    [
      'node-unstable a reasn=x',
      '`node-unstable` has no input `reasn`. Did you mean `reason`?',
      ['help node-unstable'],
    ],
    ['node-unstable a --dry-rum', 'did you mean `--dry-run`?', []],
    ['node-unstable a --cluster', '`cluster` needs a value', ['help node-unstable']],
    ['node-unstable a --cluster --dry-run', '`cluster` needs a value', ['help node-unstable']],
    ['node-unstable a reason=', '`reason` needs a value', ['help node-unstable']],
    [
      'node-unstable a b x=1 --cluster',
      'acts on one node',
      ['node-unstable a', 'help node-unstable'],
    ],
  ])('%s', (text, told, suggestions) => {
    const answer = parse(text) as CommandMistake;

    expect(answer).toMatchObject({ kind: 'mistake', suggestions });
    expect(inEnglish(answer.text)).toContain(told);
  });

  it('suggests a command that is read as it was meant', () => {
    const [suggested = ''] = (parse('node-unstabel "kr b" reason="a b"') as CommandMistake)
      .suggestions;

    expect(parse(suggested)).toEqual(run({ inputs: { node: 'kr b', reason: 'a b' } }));
  });

  it('suggests nothing that is itself a mistake', () => {
    const words = fc.constantFrom(
      'node-unstabel',
      'lsit',
      'stauts',
      'kr-b-2',
      'x=1',
      '"',
      'help',
      '--dry',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 3 }), (parts) => {
        const answer = parse(parts.join(' '));
        const [first = 'list'] = answer.kind === 'mistake' ? answer.suggestions : [];
        const [verb = ''] = first.split(' ');

        expect([...catalogue.names, 'list', 'status', 'help']).toContain(verb);
      }),
    );
  });
});
