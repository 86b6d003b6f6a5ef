import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImageReference, parseImageReference } from '../../src/runbooks/image-reference.ts';

const alphanumeric = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const separator = fc.constantFrom('.', '_', '__', '-', '---');
const component = fc
  .tuple(alphanumeric, fc.array(fc.tuple(separator, alphanumeric), { maxLength: 2 }))
  .map(([first, rest]) => first + rest.flat().join(''))
  .filter((text) => text !== 'localhost');
const repository = fc
  .array(component, { minLength: 1, maxLength: 4 })
  // what looks like a host at the beginning is one
  .map((parts) => (parts.length > 1 && /\./.test(parts[0] ?? '') ? ['team', ...parts] : parts))
  .map((parts) => parts.join('/'));
const registry = fc
  .tuple(fc.domain(), fc.option(fc.integer({ min: 1, max: 65_535 })))
  .map(([host, port]) => (port === null ? host : `${host}:${port}`));
const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/);
const digest = fc.stringMatching(/^sha256:[a-f0-9]{64}$/);
const reference = fc.record(
  { registry: fc.oneof(registry, fc.constant('localhost')), repository, tag, digest },
  { requiredKeys: ['repository'] },
);

function written({ registry, repository, tag, digest }: ImageReference): string {
  const host = registry === undefined ? '' : `${registry}/`;
  return `${host}${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

describe('an image reference', () => {
  it('is read into the parts that it was written of', () => {
    fc.assert(
      fc.property(reference, (parts) => {
        expect(parseImageReference(written(parts))).toEqual(parts);
      }),
    );
  });

  it('is none with anything in it that no reference holds', () => {
    const stranger = fc.constantFrom(' ', '\n', '!', '"', '@', '<', '\u0000', 'é', '//', '/', '::');
    fc.assert(
      fc.property(reference, stranger, fc.nat(), (parts, text, at) => {
        const whole = written(parts);
        const index = at % (whole.length + 1);
        const broken = whole.slice(0, index) + text + whole.slice(index);
        // A single slash may well make another reference; at either end, or beside another, it makes none.
        fc.pre(text !== '/' || index === 0 || index === whole.length);
        expect(parseImageReference(broken)).toBeUndefined();
      }),
    );
  });

  it.each([
    '',
    ':tag',
    'app:',
    'a//b',
    'a.-b',
    'a___b',
    'App',
    'team/App',
    'app@sha256:abc',
    'app@md5:d41d8cd98f00b204e9800998ecf8427e',
    `${'a'.repeat(256)}`,
    'f'.repeat(64),
    `app:${'t'.repeat(129)}`,
    'registry.example.com:port/app',
    '-registry.example.com/app',
  ])('is not %j', (text) => {
    expect(parseImageReference(text)).toBeUndefined();
  });

  it.each(['a', 'a-', 'a.', 'a/', 'a:', 'a@', '_', 'A.'])(
    'is told from a long row of %j in no time',
    (piece) => {
      const began = performance.now();
      parseImageReference(`${piece.repeat(20_000)}!`);
      expect(performance.now() - began).toBeLessThan(1000);
    },
  );
});
