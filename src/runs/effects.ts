import { createHash } from 'node:crypto';
import type { Effect } from '../actions/action.ts';
import { canonicalJson } from '../audit/audit-entry.ts';
import type { PlanDifference } from './run.ts';

/** What makes two effects the same change: the verb and the object by its UID. A namesake is another object. */
export function effectKey(effect: Effect): string {
  const { kind, namespace = '', name, uid } = effect.object;
  return [effect.verb, kind, namespace, name, uid].join('/');
}

/** sha256 over the canonical JSON of the effects in a fixed order: covers what is done, not how it is worded. */
export function effectsDigest(effects: readonly Effect[]): string {
  const texts = effects.map(effectText).sort();
  return createHash('sha256').update(texts.join('\n')).digest('hex');
}

function withoutWords(effect: Effect): Omit<Effect, 'undo'> {
  const { verb, object, before, after, risk } = effect;
  return { verb, object, before, after, risk };
}

/** An effect as the digest sees it: equal texts are the same change of the same object. */
export function effectText(effect: Effect): string {
  return canonicalJson(withoutWords(effect));
}

/** Which effects of `now` nobody has agreed to, and which of `agreed` there is no longer a need for. */
export function compareEffects(agreed: readonly Effect[], now: readonly Effect[]): PlanDifference {
  const texts = (effects: readonly Effect[]) => new Set(effects.map(effectText));
  const before = texts(agreed);
  const after = texts(now);
  return {
    added: now.filter((effect) => !before.has(effectText(effect))),
    removed: agreed.filter((effect) => !after.has(effectText(effect))),
  };
}
