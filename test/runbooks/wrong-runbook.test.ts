import { describe, expect, it } from 'vitest';
import { problemsOf, sample } from './written-runbook.ts';

const LOOK = '  - id: look\n    uses: node/look\n    with: { node: a }\n';

describe('a runbook that is wrong', () => {
  it.each([
    [
      'an unknown key, at the key',
      'title: Sample',
      'title: Sample\ntitel: x',
      '3:1 titel unknown key `titel`; did you mean `title`?',
    ],
    [
      'a key that stands twice',
      'title: Sample',
      'title: Sample\ntitle: x',
      '3:1  this key stands here twice',
    ],
    [
      'a tag of no meaning',
      'title: Sample',
      'title: !secret Sample',
      '2:8  Unresolved tag: !secret',
    ],
    [
      'a name of the command',
      'name: sample',
      'name: list',
      '1:7 name `list` is a word of the /runbook command',
    ],
    [
      'an unknown input type',
      'type: node',
      'type: nod',
      '5:17 inputs.node.type `nod` is not one of',
    ],
    [
      'a default of the wrong type',
      'default: 2',
      'default: two',
      '6:44 inputs.max-parallel.default `max-parallel`: `two` is not a Kubernetes quantity',
    ],
    [
      'a default that is never taken',
      'default: 2',
      'default: 2, required: true',
      '6:57 inputs.max-parallel.required an input with a default is never missing',
    ],
    [
      'choices of another type',
      'type: node',
      'type: node, choices: [a]',
      '5:32 inputs.node.choices only an input of type `choice` has choices',
    ],
    [
      'a choice of nothing',
      'type: node',
      'type: choice',
      '5:9 inputs.node.choices missing: what can be chosen from',
    ],
    [
      'an optional target',
      'type: node',
      'type: node, required: false',
      '5:3 inputs.node the target of a run cannot be optional',
    ],
    [
      'two targets',
      /node }\n(.*)quantity/,
      'node, target: true }\n$1quantity, target: true',
      '6:3 inputs.max-parallel only one input can be the target',
    ],
    [
      'a reserved input',
      'reason:',
      'dry-run:',
      '7:3 inputs.dry-run `dry-run` is a word of the /runbook command',
    ],
    [
      'inputs that sound alike',
      'reason:',
      'maxParallel:',
      '7:3 inputs.maxParallel differs from `max-parallel` in case',
    ],
    [
      'an unknown action',
      'node/look',
      'node/lok',
      '11:11 steps[0].uses there is no action `node/lok`; did you mean `node/look`?',
    ],
    [
      'an unknown input of an action',
      '{ node: a }',
      '{ node: a, deeep: true }',
      '12:22 steps[0].with.deeep `node/look` has no input `deeep`; did you mean `deep`?',
    ],
    [
      'a missing input of an action',
      '{ node: a }',
      '{ deep: true }',
      '12:11 steps[0].with.node missing: expected a text',
    ],
    [
      'a value of the wrong type',
      '{ node: a }',
      '{ node: a, deep: 3 }',
      '12:28 steps[0].with.deep expected true or false, not `3`',
    ],
    [
      'an undo that is not there',
      '{ node: a }',
      '{ node: a }\n    undo: true',
      '13:11 steps[0].undo `node/look` cannot be undone',
    ],
    [
      'no duration',
      '{ node: a }',
      '{ node: a }\n    timeout: 30',
      '13:14 steps[0].timeout expected a text, not `30`',
    ],
    [
      'a duration without a unit',
      '{ node: a }',
      '{ node: a }\n    timeout: "30"',
      '13:14 steps[0].timeout expected a duration such as 30s',
    ],
    [
      'a trigger that there is not',
      'steps:',
      'on: { alert: [] }\nsteps:',
      '9:7 on.alert unknown key `alert`',
    ],
  ])('has %s', (...[, from, to, expected]) => {
    const problems = problemsOf(sample({ steps: LOOK }).replace(from, to));

    expect(problems).toEqual([expect.stringContaining(expected)]);
  });

  it('cannot waive the approval of what is destructive', () => {
    const steps = '  - { id: wipe, uses: node/wipe, approval: never, with: { node: a } }';

    expect(problemsOf(sample({ steps }))).toEqual([
      '10:44 steps[0].approval `node/wipe` is destructive: its approval cannot be waived',
    ]);
  });

  it('cannot name two steps alike', () => {
    expect(problemsOf(sample({ steps: LOOK + LOOK }))).toEqual([
      '13:9 steps[1].id there is already a step `look`',
    ]);
  });

  it('is told that an expression between braces needs quotes, and nothing of what follows from it', () => {
    const steps = LOOK.replace('node: a', `node: \${{ inputs.node }}`);

    expect(problemsOf(sample({ steps }))).toEqual([
      expect.stringContaining('between { and } an expression must stand in quotes'),
    ]);
  });

  it.each(['', '[]', 'a', '{}', '\t', '- a\n- b', '&a [*a]', 'a: &x [1]\nb: *y'])(
    'is no runbook at all: %j',
    (yaml) => {
      expect(problemsOf(yaml)).not.toEqual([]);
    },
  );

  it('cannot grow beyond all measure by aliases', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`,
    );

    const problems = problemsOf(['a0: &a0 [x]', ...levels].join('\n'));

    expect(problems).toEqual([expect.stringContaining('alias')]);
  });
});
