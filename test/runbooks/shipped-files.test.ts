import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { allActions } from '../../src/actions/actions.ts';
import { settingsJsonSchema } from '../../src/config/settings-schema.ts';
import { loadRunbooks, runbookFiles } from '../../src/runbooks/loader.ts';
import { runbookJsonSchema } from '../../src/runbooks/runbook-json-schema.ts';
import { validateFiles } from '../../src/runbooks/validate-files.ts';
import { directoryWith } from './written-runbook.ts';

const SCHEMAS = { runbook: runbookJsonSchema(allActions), settings: settingsJsonSchema() };

/** What an editor would say of a file. */
function editorErrors(which: keyof typeof SCHEMAS, yaml: string): string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
  ajv.validate(SCHEMAS[which], parse(yaml));
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** The complete runbooks that the guide shows. */
function guideExamples(): string[] {
  const guide = readFileSync('docs/writing-a-runbook.md', 'utf8');
  return [...guide.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => yaml);
}

describe('the files that ship', () => {
  it('are right', () => {
    expect(validateFiles(['runbooks', 'handrail.example.yml'], allActions)).toEqual([]);
    expect(loadRunbooks('runbooks', allActions).names).toContain('node-unstable');
  });

  it('are right in an editor too', () => {
    for (const file of runbookFiles('runbooks')) {
      expect(editorErrors('runbook', readFileSync(file, 'utf8'))).toEqual([]);
    }
    expect(editorErrors('settings', readFileSync('handrail.example.yml', 'utf8'))).toEqual([]);
  });

  it.each(['runbook', 'settings'] as const)(
    'include the schema of the %s as it is now: else run `handrail schema --write docs/schema`',
    (which) => {
      const written = JSON.parse(readFileSync(`docs/schema/${which}.schema.json`, 'utf8'));

      expect(written).toEqual(JSON.parse(JSON.stringify(SCHEMAS[which])));
    },
  );
});

describe('the guide for authors', () => {
  it('shows runbooks that are right', () => {
    const examples = guideExamples();
    const dir = directoryWith({});
    for (const yaml of examples) writeFileSync(join(dir, `${parse(yaml).name}.yml`), yaml);

    const catalogue = loadRunbooks(dir, allActions);

    expect(catalogue.all).toHaveLength(2);
    expect(examples.flatMap((yaml) => editorErrors('runbook', yaml))).toEqual([]);
  });
});

describe('an editor', () => {
  const right = readFileSync('runbooks/node-unstable.yml', 'utf8');

  it.each([
    ['an unknown key', 'title:', 'titel: x\ntitle:'],
    ['an unknown action', 'uses: node/drain', 'uses: node/drian'],
    ['an unknown input of an action', 'podTimeout: $', 'podTimeuot: $'],
    ['a value of the wrong type', /maxParallel: \$.*/, 'maxParallel: many'],
    ['a missing input of an action', 'node: ${'.concat('{ inputs.node }}\n    timeout: 2m'), '{}'],
    ['no duration', 'timeout: 2h', 'timeout: soon'],
  ])('is told of %s', (...[, from, to]) => {
    const wrong = right.replace(from, to);

    expect(wrong).not.toBe(right);
    expect(editorErrors('runbook', wrong)).not.toEqual([]);
  });
});

describe('validating files', () => {
  it('takes directories, runbooks and settings, and tells the problems of all', () => {
    const dir = directoryWith({
      'prod.yml': 'clusters: []\n',
      'handrail.yml': '',
      'wrong.yml': 'name: wrong\n',
    });
    mkdirSync(join(dir, 'runbooks'));
    writeFileSync(join(dir, 'runbooks', 'a.yml'), 'name: [\n');

    const files = ['prod.yml', 'handrail.yml', 'wrong.yml', 'runbooks', 'gone.yml'];
    const problems = validateFiles(
      files.map((file) => join(dir, file)),
      allActions,
    );

    expect([...new Set(problems.map(({ file }) => file))]).toEqual([
      join(dir, 'prod.yml'),
      join(dir, 'handrail.yml'),
      join(dir, 'wrong.yml'),
      join(dir, 'runbooks', 'a.yml'),
      join(dir, 'gone.yml'),
    ]);
  });
});
