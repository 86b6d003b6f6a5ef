import { describe, expect, it } from 'vitest';
import {
  type ExpressionScope,
  evaluateCondition,
  evaluateWith,
} from '../../src/runbooks/expressions.ts';
import type { RunbookStep } from '../../src/runbooks/runbook.ts';
import { loaded, problemsOf, sample } from './written-runbook.ts';

const BEFORE = `  - id: look
    uses: node/look
    with: { node: "\${{ inputs.node }}" }
`;
const AFTER = `  - id: after
    uses: node/look
    with: { node: a }
`;

/** The second of three steps, with these lines. */
function stepWith(lines: string): string {
  const indented = lines.replaceAll('\n', '\n    ');
  return sample({ steps: `${BEFORE}  - id: here\n    ${indented}\n${AFTER}` });
}

const scope: ExpressionScope = {
  inputs: { node: 'kr-b-2', 'max-parallel': '2', force: false },
  steps: { look: { outputs: { pods: [{ name: 'a' }, { name: 'b' }], count: 2 } } },
  cluster: { name: 'kr', region: 'ap-northeast-2' },
  run: { id: 'r-1' },
};

/** What the words of node/mark become. */
function evaluated(expression: string, given = scope): unknown {
  const yaml = stepWith(`uses: node/mark\nwith:\n  node: x\n  words: ${expression}`);
  const { words } = evaluateWith(secondStep(yaml), given);
  return words;
}

function secondStep(yaml: string): RunbookStep {
  const step = loaded(yaml).steps[1];
  if (step === undefined) throw new Error('there is no second step');
  return step;
}

describe('expressions when a runbook is loaded', () => {
  it.each([
    ['inputs.nodee', 7, '`inputs` has no `nodee`; did you mean `node`?'],
    ['inputs["nodee"]', 7, '`inputs` has no `nodee`; did you mean `node`?'],
    ['inputs.max-parallel', 7, '`inputs` has no `max`; write `inputs["max-parallel"]`'],
    ['node', 0, '`node` is an input: write `inputs.node`'],
    ['input.node', 0, 'there is no `input`; did you mean `inputs`?'],
    ['steps.lok.outputs.pods', 6, '`steps` has no `lok`; did you mean `look`?'],
    ['steps.look.outputs.podz', 19, '`steps.look.outputs` has no `podz`; did you mean `pods`?'],
    ['steps.look.output.pods', 11, '`steps.look` has no `output`; did you mean `outputs`?'],
    ['steps.after.outputs.pods', 6, 'the outputs of step `after` are not there yet'],
    ['steps.here.outputs.pods', 6, 'the outputs of step `here` are not there yet'],
    ['cluster.nme', 8, '`cluster` has no `nme`; did you mean `name`?'],
    ['inputs', 0, '`inputs` is not a value'],
    ['steps.look.outputs', 0, '`steps.look.outputs` is not a value'],
    ['inputs[inputs.node]', 7, 'write out which of `inputs` is meant'],
    ['has(inputs.nod)', 11, '`inputs` has no `nod`'],
    ['has(inputs.reason)', 0, '`has()` is always true of this'],
    ['sizee(inputs.node)', 0, 'there is no function `sizee`; did you mean `size`?'],
    ['inputs.node.trimm()', 0, 'there is no function `trimm`; did you mean `trim`?'],
    ['size(inputs.force)', 0, '`size` does not take these types'],
    ['inputs.node + 1', 0, 'these types do not go together: string + int'],
    ['steps.look.outputs.pods.map(p, inputs.nod)', 38, '`inputs` has no `nod`'],
    ['inputs.node +', 13, 'something is missing where it ends'],
    ['', 0, 'the expression is empty'],
    ['b"ab"', 0, 'a value of type bytes cannot be handed to an action'],
  ])('refuses %s', (expression, at, message) => {
    const yaml = stepWith(`uses: node/look\nwith:\n  node: a\${{${expression}}}`);

    const problems = problemsOf(yaml);

    expect(problems).toEqual([expect.stringContaining(message)]);
    expect(problems[0]).toMatch(new RegExp(`^16:${17 + at} `));
  });

  it('finds every expression of a text, of a block and of a list', () => {
    const yaml = stepWith(
      `uses: node/mark\nwith:\n  node: |\n    one \${{ inputs.a1 }}\n  words: ["\${{ inputs.a2 }} \${{ inputs.a3 }}"]`,
    );

    expect(problemsOf(yaml).map((problem) => problem.split(' ')[1])).toEqual([
      'steps[1].with.node',
      'steps[1].with.words[0]',
      'steps[1].with.words[0]',
    ]);
  });

  it('finds an expression that is never closed', () => {
    const yaml = stepWith(`uses: node/look\nwith:\n  node: a \${{ inputs.node`);

    expect(problemsOf(yaml)).toEqual([
      expect.stringMatching(/^16:15 steps\[1\].with.node .* is never closed by /),
    ]);
  });

  it.each([
    ['inputs.node', 'must be true or false, and is of type string'],
    [`\${{ 1 }}`, 'must be true or false, and is of type int'],
    ['inputs.forse', '`inputs` has no `forse`; did you mean `force`?'],
  ])('refuses the condition %s', (condition, message) => {
    const yaml = stepWith(`uses: node/look\nif: ${condition}\nwith: { node: a }`);

    expect(problemsOf(yaml)).toEqual([expect.stringContaining(message)]);
  });

  it('does not also blame what hangs on an unknown action', () => {
    const yaml = stepWith(`uses: node/look\nwith: { node: "\${{ steps.look.outputs.any }}" }`);

    expect(problemsOf(yaml.replace('node/look', 'node/lookk'))).toEqual([
      expect.stringContaining('there is no action `node/lookk`'),
    ]);
  });
});

describe('expressions in a run', () => {
  it.each<[string, unknown]>([
    [`\${{ steps.look.outputs.pods.map(p, p.name) }}`, ['a', 'b']],
    [`\${{ steps.look.outputs.count }}`, 2],
    [`\${{ steps.look.outputs.count + 1 }}`, 3],
    [`\${{ int(inputs["max-parallel"]) }}`, 2],
    [`\${{ !inputs.force }}`, true],
    [`'\${{ {"a": {"b": 1.5}} }}'`, { a: { b: 1.5 } }],
    [`\${{ duration("90m") }}`, '5400s'],
    [`\${{ timestamp("2026-01-02T03:04:05Z") }}`, '2026-01-02T03:04:05.000Z'],
    [`\${{ 3u }}`, 3],
    [`\${{ inputs.reason == null }}`, true],
    [`on \${{ cluster.name }} in \${{ cluster.region }}`, 'on kr in ap-northeast-2'],
    [
      `\${{ steps.look.outputs.count }} of \${{ steps.look.outputs.pods }}`,
      '2 of [{"name":"a"},{"name":"b"}]',
    ],
    [`"[\${{ inputs.reason }}]"`, '[]'],
    [`"\${{ '}}' }}"`, '}}'],
    [`[1, "\${{ run.id }}"]`, [1, 'r-1']],
    ['[plain]', ['plain']],
  ])('turns %s into %j', (expression, value) => {
    expect(evaluated(expression)).toEqual(value);
  });

  it('leaves out an optional input that was not given', () => {
    const step = secondStep(
      stepWith(`uses: node/wipe\nwith: { node: a, reason: "\${{ inputs.reason }}" }`),
    );

    const without = evaluateWith(step, scope);
    const given = evaluateWith(step, { ...scope, inputs: { ...scope.inputs, reason: 'flaps' } });

    expect(without).toEqual({ node: 'a' });
    expect(given).toEqual({ node: 'a', reason: 'flaps' });
  });

  it('takes outputs of a skipped step for null', () => {
    const yaml = stepWith(
      'uses: node/look\nif: steps.look.outputs.count == null\nwith: { node: a }',
    );

    expect(evaluateCondition(secondStep(yaml), { ...scope, steps: {} })).toBe(true);
    expect(evaluateCondition(secondStep(yaml), scope)).toBe(false);
  });

  it.each([
    ['', true],
    ['if: false', false],
    [`if: \${{ cluster.name == "kr" }}`, true],
    ['if: steps.look.outputs.count > 2', false],
  ])('judges the condition %j as %s', (condition, holds) => {
    const yaml = stepWith(`uses: node/look\n${condition}\nwith: { node: a }`);

    expect(evaluateCondition(secondStep(yaml), scope)).toBe(holds);
  });

  it('names step, expression and reason where there is no value', () => {
    const failing = () => evaluated(`\${{ steps.look.outputs.pods[7].name }}`);

    expect(failing).toThrow(expect.objectContaining({ code: 'expression_failed' }));
    expect(failing).toThrow('step `here`: `steps.look.outputs.pods[7].name` has no value');
  });

  it('refuses a condition that is neither true nor false', () => {
    const yaml = stepWith('uses: node/look\nif: steps.look.outputs.count\nwith: { node: a }');

    expect(() => evaluateCondition(secondStep(yaml), scope)).toThrow('gives 2, not true or false');
  });
});
