import { beforeEach, describe, expect, it } from 'vitest';
import { inEnglish } from '../../src/language/translate.ts';
import { InputError, resolveInputs, targetOf } from '../../src/runbooks/inputs.ts';
import type { InputType, Runbook } from '../../src/runbooks/runbook.ts';
import { loaded, sample } from './written-runbook.ts';

const STEPS = '  - { id: look, uses: node/look, with: { node: a } }\n';

function asking(inputs: string): Runbook {
  return loaded(sample({ inputs: `inputs:\n${inputs.replace(/^/gm, '  ')}\n`, steps: STEPS }));
}

function read(type: InputType, text: string): unknown {
  const choices = type === 'choice' ? ', choices: [fast, Slow]' : '';
  const { x } = resolveInputs(asking(`x: { type: ${type}${choices} }`), { x: text });
  return x;
}

describe('values of inputs', () => {
  it.each<[InputType, string, unknown]>([
    ['node', 'kr-b-2', 'kr-b-2'],
    [
      'node',
      'ip-10-0-0-1.ap-northeast-2.compute.internal',
      'ip-10-0-0-1.ap-northeast-2.compute.internal',
    ],
    ['node', ' `kr-b-2` ', 'kr-b-2'],
    ['node', '“kr-b-2”', 'kr-b-2'],
    ['node', '<http://kr-b-2.example.com|kr-b-2.example.com>', 'kr-b-2.example.com'],
    ['namespace', "'payments'", 'payments'],
    ['workload', 'payments/api', 'payments/api'],
    ['workload', 'deploy/payments/api', 'deployment/payments/api'],
    ['workload', 'StatefulSet/db/pg', 'statefulset/db/pg'],
    ['image', 'nginx', 'nginx'],
    ['image', 'localhost:5000/team/app:1.2_3-rc', 'localhost:5000/team/app:1.2_3-rc'],
    [
      'image',
      `r.example.com/a/b@sha256:${'a'.repeat(64)}`,
      `r.example.com/a/b@sha256:${'a'.repeat(64)}`,
    ],
    ['duration', '90s', '90s'],
    ['duration', '1d12h', '24h12h'],
    ['quantity', '512Mi', '512Mi'],
    ['quantity', '1.5', '1.5'],
    ['quantity', '100m', '100m'],
    ['boolean', 'Yes', true],
    ['boolean', 'off', false],
    ['string', '"a &lt; b &amp; c"', 'a < b & c'],
    ['choice', 'slow', 'Slow'],
  ])('reads %s %s', (type, text, value) => {
    expect(read(type, text)).toBe(value);
  });

  it.each<[InputType, string]>([
    ['node', 'Kr_b'],
    ['node', '-kr'],
    ['node', 'kr..b'],
    ['node', 'a'.repeat(254)],
    ['node', 'kr-b-2; rm -rf'],
    ['namespace', 'a.b'],
    ['namespace', 'a'.repeat(64)],
    ['workload', 'api'],
    ['workload', 'pod/payments/api'],
    ['workload', 'a/b/c/d'],
    ['workload', 'payments/'],
    ['image', 'team/UPPER'],
    ['image', 'app:'],
    ['image', 'app@sha256:12'],
    ['duration', '30'],
    ['duration', 'soon'],
    ['duration', '25d'],
    ['quantity', '-1'],
    ['quantity', '5 Mi'],
    ['boolean', 'maybe'],
    ['string', 'two\nlines'],
    ['string', 'x'.repeat(501)],
    ['choice', 'fats'],
  ])('refuses %s %j', (type, text) => {
    expect(() => read(type, text)).toThrow(expect.objectContaining({ code: 'input_invalid' }));
  });

  it('answers an image of any length in no time', () => {
    const text = `${'a-'.repeat(200)}!`;
    const before = performance.now();

    expect(() => read('image', text)).toThrow('is not an image reference');

    expect(performance.now() - before).toBeLessThan(500);
  });
});

describe('inputs of a request', () => {
  let runbook: Runbook;
  beforeEach(() => {
    runbook = asking(
      'node: { type: node }\nmax-parallel: { type: quantity, default: 1 }\nmode: { type: choice, choices: [fast, slow] }\nwhy: { type: string, required: false }',
    );
  });

  it('takes names as they are typed on a phone, and defaults', () => {
    const inputs = resolveInputs(runbook, { Node: 'a', maxParallel: '2', MODE: 'FAST' });

    expect(inputs).toEqual({ node: 'a', 'max-parallel': '2', mode: 'fast' });
    expect(resolveInputs(runbook, { node: 'a', mode: 'slow' })).toEqual({
      node: 'a',
      'max-parallel': '1',
      mode: 'slow',
    });
  });

  it('tells everything that is wrong at once, and how to put it right', () => {
    const problems = problemsWith({ nod: 'kr-b-2', mode: 'fats' });

    expect(problems).toEqual([
      '`sample` has no input `nod`. Did you mean `node`?',
      '`node` is missing: the name of a node; give it as `sample kr-b-2`',
      '`mode`: `fats` is not one of fast, slow; did you mean `fast`?',
    ]);
  });

  it('takes an empty text for nothing', () => {
    expect(problemsWith({ node: '``', mode: 'fast' })).toEqual([
      expect.stringContaining('`node` is missing'),
    ]);
  });

  function problemsWith(raw: Record<string, string>): string[] {
    try {
      resolveInputs(runbook, raw);
    } catch (error) {
      if (error instanceof InputError)
        return error.problems.map(({ message }) => inEnglish(message));
    }
    return [];
  }
});

describe('the target of a run', () => {
  it.each([
    ['x: { type: node }', 'kr-b-2', 'node/kr-b-2'],
    ['x: { type: workload }', 'sts/db/pg', 'statefulset/db/pg'],
    ['x: { type: workload }', 'db/pg', 'workload/db/pg'],
    ['x: { type: image }', 'nginx:1', 'image/nginx:1'],
    ['x: { type: string }', 'blue', 'x/blue'],
    ['y: { type: string, default: a }\nx: { type: node, target: true }', 'n', 'node/n'],
  ])('of %s is %s → %s', (inputs, text, target) => {
    const runbook = asking(inputs);

    expect(targetOf(runbook, resolveInputs(runbook, { x: text }))).toBe(target);
  });
});
