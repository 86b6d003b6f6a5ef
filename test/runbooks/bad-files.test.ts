import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRunbooks } from '../../src/runbooks/loader.ts';
import { validateFiles } from '../../src/runbooks/validate-files.ts';
import { formatProblem } from '../../src/yaml-file.ts';
import { smallActions } from './small-actions.ts';
import { directoryWith, sample } from './written-runbook.ts';

const LOOK = '  - id: look\n    uses: node/look\n    with: { node: a }\n';
const GOOD = sample({ steps: LOOK });

/** What `handrail validate` and a start say of `sample.yml`, without the name of the directory. */
function saidOf(make: (file: string) => void): {
  validated: string[];
  started: string | undefined;
} {
  const dir = directoryWith({});
  make(join(dir, 'sample.yml'));
  const validated = validateFiles([join(dir, 'sample.yml')], smallActions);
  return {
    validated: validated.map((problem) => formatProblem(problem).replace(`${dir}/`, '')),
    started: startWith(dir)?.replaceAll(`${dir}/`, ''),
  };
}

/** Undefined where it starts. */
function startWith(dir: string): string | undefined {
  try {
    loadRunbooks(dir, smallActions);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : undefined;
  }
}

const writing = (content: string | Buffer) => (file: string) => writeFileSync(file, content);
const within = (content: string) => writing(GOOD.replace('node: a', content));
const expression = (source: string) => within(`node: "\${{ ${source} }}"`);

const BOMB = Array.from({ length: 12 }, (_, i) => `a${i}: &a${i} [${`*a${i - 1},`.repeat(9)}]`);

describe('a runbook file that cannot be read', () => {
  it.each<[string, (file: string) => void, string]>([
    ['is empty', writing(''), '1:1: is empty'],
    ['holds a comment alone', writing('# later\n'), '1:1: is empty'],
    ['is a directory', (file) => mkdirSync(file), ': '],
    [
      'is a link that leads nowhere',
      (file) => symlinkSync('nowhere', file),
      '1:1: cannot be read: there is no such file',
    ],
    [
      'is a link to itself',
      (file) => symlinkSync('sample.yml', file),
      '1:1: cannot be read: it is a link that leads back to itself',
    ],
    [
      'is a device that never ends',
      (file) => symlinkSync('/dev/zero', file),
      '1:1: is no ordinary file',
    ],
    [
      'has ten megabytes',
      writing('# padding\n'.repeat(1_000_000)),
      '1:1: has 9.5 MB, and at most 1 MB is read',
    ],
    [
      'is Latin-1',
      writing(Buffer.from(GOOD.replace('For', 'Für'), 'latin1')),
      '3:15: what stands here is not UTF-8: save the file as UTF-8',
    ],
    [
      'is UTF-16',
      writing(Buffer.from(`\uFEFF${GOOD}`, 'utf16le')),
      '1:1: what stands here is not UTF-8',
    ],
    [
      'is an image',
      writing(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff])),
      '1:1: what stands here is not UTF-8',
    ],
    [
      'stands for more than there is memory',
      writing(`a0: &a0 [x]\n${BOMB.slice(1).join('\n')}`),
      '1:1: its aliases (*name) stand for more than can be read',
    ],
    ['is nested without end', writing(`a: ${'['.repeat(5000)}`), 'it is nested too deeply'],
    [
      'holds two documents',
      writing(`${GOOD}---\n${GOOD}`),
      '13:1: a second document begins here: one file holds one',
    ],
    [
      'is indented with tabs',
      writing(GOOD.replace('  - id', '\t- id')),
      '10:1: Tabs are not allowed as indentation',
    ],
    [
      'has a quote that is never closed',
      writing(GOOD.replace('Sample', '"Sample')),
      '2:8: this quote is never closed',
    ],
    ['has a bracket that is never closed', within('[ node'), '12:'],
    ['is a list', writing('- name: sample\n'), '1:1: expected a mapping, not a list'],
    ['is a text', writing('sample\n'), '1:1: expected a mapping, not the text `sample`'],
  ])('%s', (_, make, says) => {
    const { validated, started } = saidOf(make);

    expect(validated).toHaveLength(1);
    expect(validated[0]).toContain(`sample.yml:`);
    expect(validated[0]).toContain(says);
    expect(started).toContain('sample.yml:');
    expect(`${validated} ${started}`).not.toMatch(/at .*\(|undefined|Maximum call/);
  });

  it('is a directory, which is not passed over', () => {
    const { started } = saidOf((file) => mkdirSync(file));

    expect(started).toBe('sample.yml:1:1: is a directory, not a file: rename or remove it');
  });

  it('is not for this user to read', ({ skip }) => {
    skip(process.getuid?.() === 0, 'root may read everything');
    const { validated } = saidOf((file) => {
      writeFileSync(file, GOOD);
      chmodSync(file, 0);
    });

    expect(validated).toEqual(['sample.yml:1:1: cannot be read: this user may not read it']);
  });
});

describe('an expression that is wrong, by its line and column', () => {
  it.each<[string, (file: string) => void, string]>([
    [
      'ends too early',
      expression('inputs.node +'),
      '12:38: steps[0].with.node: something is missing where it ends',
    ],
    ['is never closed', within('node: "${{ inputs.node"'), '12:20: steps[0].with.node: `$'],
    ['is empty', expression(''), '12:23: steps[0].with.node: the expression is empty'],
    [
      'adds a number to a text',
      expression('inputs.node + 1'),
      '12:24: steps[0].with.node: these types do not go together: string + int',
    ],
    [
      'names no input',
      expression('inputs.nod'),
      '12:31: steps[0].with.node: `inputs` has no `nod`; did you mean `node`?',
    ],
    [
      'names nothing',
      expression('node'),
      '12:24: steps[0].with.node: `node` is an input: write `inputs.node`',
    ],
    [
      'calls no function',
      expression('inputs.node.upper()'),
      '12:24: steps[0].with.node: there is no function `upper`',
    ],
    [
      'names its own step',
      expression('steps.look.outputs.x'),
      '12:30: steps[0].with.node: the outputs of step `look` are not there yet: only earlier steps can be named',
    ],
    [
      'is no condition',
      writing(GOOD.replace('    uses', '    if: inputs.node\n    uses')),
      '11:9: steps[0].if: must be true or false, and is of type string',
    ],
  ])('%s', (_, make, says) => {
    const { validated, started } = saidOf(make);

    expect(validated).toEqual([expect.stringContaining(`sample.yml:${says}`)]);
    expect(started).toContain(says);
  });

  it('goes round in a circle through two steps', () => {
    const step = (id: string, other: string) =>
      `  - id: ${id}\n    uses: node/look\n    with: { node: "\${{ steps.${other}.outputs.x }}" }\n`;

    const { validated } = saidOf(
      writing(sample({ steps: step('one', 'two') + step('two', 'one') })),
    );

    expect(validated[0]).toContain(
      '12:30: steps[0].with.node: the outputs of step `two` are not there yet',
    );
  });
});

describe('what only looks unusual is read', () => {
  it.each([
    ['a byte order mark', `\uFEFF${GOOD}`],
    ['the line ends of Windows', GOOD.replaceAll('\n', '\r\n')],
    ['text of other languages', GOOD.replace('For tests.', '노드를 교체합니다 ノード交換')],
  ])('%s', (_, content) => {
    expect(saidOf(writing(content))).toEqual({ validated: [], started: undefined });
  });
});

describe('a directory of runbooks', () => {
  it('without any is told by validate, not called right', () => {
    const dir = directoryWith({ 'README.md': 'later' });

    expect(validateFiles([dir], smallActions).map(({ message }) => message)).toEqual([
      'there is no runbook in it: none of its files ends in .yml',
    ]);
  });
});
