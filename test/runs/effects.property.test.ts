import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/actions/action.ts';
import { compareEffects, effectsDigest } from '../../src/runs/effects.ts';

const word = fc.string({ minLength: 1, maxLength: 12 });
const effect: fc.Arbitrary<Effect> = fc.record({
  verb: fc.constantFrom('cordon', 'evict', 'replace'),
  object: fc.record({ kind: word, namespace: word, name: word, uid: fc.uuid() }),
  before: fc.dictionary(word, fc.oneof(word, fc.integer(), fc.boolean())),
  after: fc.dictionary(word, fc.oneof(word, fc.integer(), fc.boolean())),
  risk: fc.constantFrom('reversible', 'destructive'),
});
const effects = fc.uniqueArray(effect, { selector: ({ object }) => object.uid, maxLength: 8 });

describe('the digest, whatever the effects', () => {
  it('does not depend on their order, nor on the order of their keys', () => {
    fc.assert(
      fc.property(effects, (list) => {
        const turned = list.toReversed().map(reordered);
        expect(effectsDigest(turned)).toBe(effectsDigest(list));
      }),
    );
  });

  it('changes when any one effect changes, comes or goes', () => {
    fc.assert(
      fc.property(effects, effect, fc.nat(), (list, other, at) => {
        const digest = effectsDigest(list);
        expect(effectsDigest([...list, other])).not.toBe(digest);
        if (list.length === 0) return;
        const index = at % list.length;
        expect(effectsDigest(list.toSpliced(index, 1))).not.toBe(digest);
        const changed = list.with(index, {
          ...(list[index] ?? other),
          after: { 'not-there-before': at },
        });
        expect(effectsDigest(changed)).not.toBe(digest);
      }),
    );
  });

  it('is equal exactly where a comparison finds no difference', () => {
    fc.assert(
      fc.property(effects, effects, (one, two) => {
        const { added, removed } = compareEffects(one, two);
        expect(effectsDigest(one) === effectsDigest(two)).toBe(added.length + removed.length === 0);
      }),
    );
  });
});

function reordered({ verb, object, before, after, risk }: Effect): Effect {
  const { kind, name, uid, namespace } = object;
  const turned = (map: Effect['before']) => Object.fromEntries(Object.entries(map).toReversed());
  const place = namespace === undefined ? {} : { namespace };
  return {
    risk,
    after: turned(after),
    before: turned(before),
    object: { uid, ...place, name, kind },
    verb,
  };
}
