import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../src/triggers/slash-command.ts';
import { catalogue } from './two-runbooks.ts';

const parse = (text: string) => parseCommand(text, catalogue);

describe('any text at all', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .array(
        fc.oneof(
          fc.constantFrom(
            'node-unstable',
            'status',
            '--',
            '—',
            '=',
            '"',
            '“',
            '<',
            '>',
            '|',
            ' ',
            '`',
          ),
          fc.constantFrom(
            '__proto__',
            'constructor',
            'toString=1',
            'accept=',
            '--cluster',
            'help',
            ',',
          ),
          fc.string({ maxLength: 5 }),
        ),
        { maxLength: 30 },
      )
      .map((parts) => parts.join('')),
  );

  it('gets an answer', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const answer = parse(text);

        expect(typeof answer.kind).toBe('string');
        if (answer.kind === 'mistake') expect(answer.text).not.toBe('');
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['"', '`', '<', '=', 'a=', '-', '—', '<a|', '&amp;'])(
    'gets it in no time, were it nothing but %s',
    (piece) => {
      const text = `oom node=${piece.repeat(20_000)}x`;
      const before = performance.now();

      parse(text);
      parse(piece.repeat(20_000));

      expect(performance.now() - before).toBeLessThan(1000);
    },
  );

  it('names only inputs that the runbook has', () => {
    const names = catalogue.get('oom').inputs.map(({ name }) => name);
    fc.assert(
      fc.property(anything, (text) => {
        const answer = parse(`oom ${text}`);

        if (answer.kind === 'run')
          expect(names).toEqual(expect.arrayContaining(Object.keys(answer.inputs)));
      }),
      { numRuns: 2000 },
    );
  });
});
