import type { Pod } from '../../kubernetes/resources/pod.ts';
import type { Effect, PlanContext } from '../action.ts';
import { judgePod } from './judge-pod.ts';
import { podsOnNode } from './pods-on-node.ts';
import { effectsOnPods } from './surge-effect.ts';

/** What is still on a node that was drained, apart from what belongs there. */
export interface RemainingPods {
  readonly all: readonly Pod[];
  /** Under a budget that never lets them go, and left alone by an accepted exception. */
  readonly protectedPods: readonly Pod[];
  /** On their way out, or held there by a kubelet that does not answer. */
  readonly leaving: readonly Pod[];
  /** Run, and that they leave was not planned. */
  readonly unapproved: readonly Pod[];
}

type Scene = Pick<PlanContext, 'cluster' | 'accepted' | 'clock'>;

export async function remainingPods(
  { cluster, accepted, clock }: Scene,
  node: string,
  planned: readonly Effect[] = [],
): Promise<RemainingPods> {
  const moved = new Set(planned.flatMap(effectsOnPods).map(({ object }) => object.uid));
  const on = await podsOnNode(cluster, node);
  const fates = on.map((each) => judgePod(each, { accepted, now: clock.now() }));
  const pods = (wanted: (verdict: string) => boolean): Pod[] =>
    fates
      .filter(({ verdict, on: { pod } }) => wanted(verdict) && !moved.has(pod.metadata.uid))
      .map((fate) => fate.on.pod);
  return {
    all: on.map(({ pod }) => pod),
    protectedPods: pods((verdict) => verdict === 'never'),
    leaving: pods((verdict) => verdict === 'already leaving'),
    unapproved: pods((verdict) => !['never', 'already leaving', 'stays'].includes(verdict)),
  };
}
