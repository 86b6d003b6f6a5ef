import type { RequestRecord } from '../../../src/demo/cluster/api/request-log.ts';
import type { World } from '../../../src/demo/cluster/world.ts';

/** Every eviction that was asked for, dry runs excepted, in order. */
export function evictionCalls({ requests }: World): RequestRecord[] {
  return requests.filter(({ path, dryRun }) => path.endsWith('/eviction') && !dryRun);
}

/** Answers evictions so, dry runs excepted, as often as given. */
export function refuseEvictions(
  world: World,
  answer: { status: number; retryAfter?: number },
  times: number,
): void {
  let left = times;
  world.faults = [
    ({ path, dryRun }) => {
      if (!path.endsWith('/eviction') || dryRun || left === 0) return undefined;
      left -= 1;
      return answer;
    },
  ];
}

/** Has something happen just before the first eviction is handled. */
export function beforeEviction(world: World, happens: () => void): void {
  let happened = false;
  world.faults = [
    ({ path, dryRun }) => {
      if (path.endsWith('/eviction') && !dryRun && !happened) {
        happened = true;
        happens();
      }
      return undefined;
    },
  ];
}

/** As if somebody else had just evicted these pods under a budget. */
export function chargeBudget(world: World, name: string, pods: readonly string[]): void {
  const found = world.get('PodDisruptionBudget', name, 'web');
  if (found === undefined) throw new Error('no budget');
  const { status } = found as { status?: object };
  const now = new Date().toISOString();
  const disruptedPods = Object.fromEntries(pods.map((pod) => [pod, now]));
  // What is applied counts as a change of the spec, and has been looked at.
  const observedGeneration = (found.metadata.generation ?? 0) + 1;
  const counted = { observedGeneration, disruptionsAllowed: 0, disruptedPods };
  world.apply({ ...found, status: { ...status, ...counted } });
}
