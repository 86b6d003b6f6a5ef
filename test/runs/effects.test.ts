import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/actions/action.ts';
import { compareEffects, effectKey, effectsDigest } from '../../src/runs/effects.ts';

function evict(name: string, uid = `uid-of-${name}`): Effect {
  return {
    verb: 'evict',
    object: { kind: 'Pod', namespace: 'payments', name, uid },
    before: { node: 'kr-b-2' },
    after: { evicted: true },
    risk: 'destructive',
  };
}

describe('the digest of a plan', () => {
  it('is the same whatever the order of the effects', () => {
    expect(effectsDigest([evict('a'), evict('b')])).toBe(effectsDigest([evict('b'), evict('a')]));
  });

  it('is the same whatever the words around them', () => {
    expect(effectsDigest([{ ...evict('a'), undo: 'none' }])).toBe(effectsDigest([evict('a')]));
  });

  it('is another for a namesake with another UID', () => {
    expect(effectsDigest([evict('a', 'new')])).not.toBe(effectsDigest([evict('a')]));
  });

  it('is another when what comes after differs', () => {
    const changed = { ...evict('a'), after: { evicted: true, dataLost: true } };

    expect(effectsDigest([changed])).not.toBe(effectsDigest([evict('a')]));
  });
});

describe('comparing plans', () => {
  it('finds what nobody agreed to, and what is no longer needed', () => {
    const difference = compareEffects([evict('a'), evict('b')], [evict('b'), evict('c')]);

    expect(difference.added.map(effectKey)).toEqual(['evict/Pod/payments/c/uid-of-c']);
    expect(difference.removed.map(effectKey)).toEqual(['evict/Pod/payments/a/uid-of-a']);
  });

  it('takes an effect on the same object with another outcome as a new one', () => {
    const changed = { ...evict('a'), after: { dataLost: true } };

    expect(compareEffects([evict('a')], [changed]).added).toEqual([changed]);
  });
});
