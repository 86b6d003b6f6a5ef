import type { Clock } from '../../../clock.ts';

const MINUTE_MS = 60_000;
/** Calls a minute. @see https://docs.slack.dev/apis/web-api/rate-limits */
const TIERS = { 2: 20, 3: 50, 4: 100 } as const;

/** Methods that are not here have limits of their own, which nobody is told. */
const METHOD_TIERS: Readonly<Record<string, keyof typeof TIERS>> = {
  'conversations.list': 2,
  'pins.add': 2,
  'usergroups.list': 2,
  'usergroups.users.list': 2,
  'apps.connections.open': 3,
  'chat.delete': 3,
  'chat.update': 3,
  'conversations.history': 3,
  'conversations.info': 3,
  'conversations.open': 3,
  'conversations.replies': 3,
  'reactions.add': 3,
  'chat.postEphemeral': 4,
  'conversations.members': 4,
  'files.completeUploadExternal': 4,
  'files.getUploadURLExternal': 4,
  'users.info': 4,
  'views.open': 4,
  'views.publish': 4,
  'views.push': 4,
  'views.update': 4,
};

interface Limit {
  readonly key: string;
  readonly calls: number;
  readonly withinMs: number;
}

/** Slack's limits: each method has its own, and posting has one for each channel. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #speed: number;
  readonly #taken = new Map<string, number[]>();

  /** @param speed how many times faster than in Slack time goes by, for tests */
  constructor(clock: Clock, speed = 1) {
    this.#clock = clock;
    this.#speed = speed;
  }

  /** Counts a call. Returns the whole seconds to wait where there have been too many; those calls do not count. */
  take(method: string, args: Readonly<Record<string, unknown>>): number | undefined {
    const limit = limitOf(method, args);
    if (limit === undefined) return undefined;
    const withinMs = limit.withinMs / this.#speed;
    const now = this.#clock.now();
    const taken = (this.#taken.get(limit.key) ?? []).filter((at) => at > now - withinMs);
    this.#taken.set(limit.key, taken);
    const [first] = taken;
    if (taken.length >= limit.calls && first !== undefined) {
      return Math.ceil((first + withinMs - now) / 1000);
    }
    taken.push(now);
    return undefined;
  }
}

function limitOf(method: string, args: Readonly<Record<string, unknown>>): Limit | undefined {
  if (method === 'chat.postMessage') {
    return { key: `${method} ${String(args['channel'])}`, calls: 1, withinMs: 1000 };
  }
  const tier = METHOD_TIERS[method];
  return tier && { key: method, calls: TIERS[tier], withinMs: MINUTE_MS };
}
