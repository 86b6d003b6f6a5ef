import type { Fault } from '../../src/demo/cluster/api/fault.ts';
import type { SlackFault } from '../../src/demo/workspace/slack-fault.ts';
import type { ChaosWorld } from './chaos-world.ts';
import type { Random } from './random.ts';

type Draw<T> = (random: Random) => T;

/** One in so many calls goes wrong while it is calm, and while a storm blows. */
const CALM = 0.03;
const STORM = 0.25;
const STORM_TURN_MS = { calm: [1500, 4000], storm: [300, 1200] } as const;

const KUBERNETES_FAULTS: readonly [Draw<Fault>, ...Draw<Fault>[]] = [
  (random) => ({ delayMs: random.between(20, 400) }),
  () => ({ status: 429 }),
  () => ({ status: 429, retryAfter: 1 }),
  () => ({ status: 500 }),
  () => ({ reset: 'before' }),
  () => ({ reset: 'after' }),
  () => ({ truncate: 'bytes' }),
  () => ({ truncate: 'json' }),
  () => ({ html: 502, when: 'before' }),
  () => ({ html: 504, when: 'after' }),
];

const SLACK_FAULTS: readonly [Draw<SlackFault>, ...Draw<SlackFault>[]] = [
  (random) => ({ delayMs: random.between(20, 300) }),
  () => ({ status: 429 }),
  () => ({ retryAfter: 1 }),
  () => ({ status: 500 }),
  () => ({ reset: 'before' }),
  () => ({ reset: 'after' }),
  (random) => ({ reset: 'after', delayMs: random.between(20, 200) }),
  () => ({ truncate: 'json' }),
];

const CALLBACK_FAULTS: readonly [Draw<SlackFault>, ...Draw<SlackFault>[]] = [
  (random) => ({ delayMs: random.between(20, 300) }),
  () => ({ hang: 'after' }),
  () => ({ again: 1 }),
];

/** Lets calls to the clusters and to Slack go wrong by chance, with storms in between. Ends when asked to. */
export function letThingsGoWrong(world: ChaosWorld, random: Random): () => void {
  let isStorm = false;
  let timer: NodeJS.Timeout | undefined;
  const turn = () => {
    isStorm = !isStorm;
    const [low, high] = isStorm ? STORM_TURN_MS.storm : STORM_TURN_MS.calm;
    timer = setTimeout(turn, random.between(low, high));
  };
  turn();
  const goesWrong = (source: Random) => source.chance(isStorm ? STORM : CALM);
  for (const { world: cluster } of world.clusters) {
    const own = random.fork();
    cluster.faults = [() => (goesWrong(own) ? own.pick(KUBERNETES_FAULTS)(own) : undefined)];
  }
  const own = random.fork();
  world.workspace.faults = [
    (method) => {
      if (!goesWrong(own)) return undefined;
      return own.pick(method.startsWith('callback:') ? CALLBACK_FAULTS : SLACK_FAULTS)(own);
    },
  ];
  return () => {
    clearTimeout(timer);
    world.workspace.faults = [];
    for (const { world: cluster } of world.clusters) cluster.faults = [];
  };
}
