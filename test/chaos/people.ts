import { setTimeout as delay } from 'node:timers/promises';
import sql from 'sql-template-tag';
import type { StoredMessage } from '../../src/demo/workspace/model.ts';
import { hasEnded, type RunStatus } from '../../src/runs/run.ts';
import { approvalKey } from '../../src/slack/messages/approval-card.ts';
import { APPROVERS, channelOf, REQUESTERS } from './chaos-workspace.ts';
import type { ChaosWorld } from './chaos-world.ts';
import type { Random } from './random.ts';

/** What the people around a run are up to. */
export type Mood = 'agree' | 'quarrel' | 'stop' | 'sleep';

const MOODS: readonly [Mood, ...Mood[]] = [
  ...(['agree', 'agree', 'agree', 'agree', 'agree'] as const),
  ...(['quarrel', 'quarrel', 'stop', 'stop', 'sleep'] as const),
];
const LOOK_MS = 200;

interface Standing {
  readonly id: string;
  readonly status: RunStatus;
  /** The gate that is open. */
  readonly gate: number | null;
}

/** Somebody asks for a run on one node, and the others do with it what their mood is. Ends with the run. */
export class Incident {
  readonly #world: ChaosWorld;
  readonly #random: Random;
  readonly #cluster: string;
  readonly #node: string;
  readonly #mood: Mood;
  readonly #requester: string;
  /** How many looks at a run that is at work are left until somebody wants it to stop. */
  #patience: number;

  constructor(world: ChaosWorld, random: Random, where: { cluster: string; node: string }) {
    this.#world = world;
    this.#random = random;
    this.#cluster = where.cluster;
    this.#node = where.node;
    this.#mood = random.pick(MOODS);
    this.#requester = random.pick(REQUESTERS);
    this.#patience = random.between(0, 40);
  }

  async live(): Promise<void> {
    await delay(this.#random.between(0, 3000));
    const run = await this.#ask();
    for (;;) {
      const now = await this.#standing(run);
      if (now === undefined || hasEnded(now.status)) return;
      if (now.status === 'blocked' || this.#losesPatience(now)) await this.#say(`cancel ${run}`);
      if (now.gate !== null && this.#mood !== 'sleep') await this.#decide(run, now.gate);
      await delay(LOOK_MS);
    }
  }

  /** Half-way, and then again and again: an app that is down hears nobody. */
  #losesPatience({ status }: Standing): boolean {
    if (this.#mood !== 'stop' || status !== 'running') return false;
    this.#patience -= 1;
    return this.#patience < 0 && this.#patience % 10 === -1;
  }

  /** Again and again, until there is a run: an app that is down answers nobody. */
  async #ask(): Promise<string> {
    const [clock] = await this.#world.database.query<{ now: Date }>(sql`select now()`);
    for (;;) {
      await this.#say(`node-unstable ${this.#node}`);
      const [run] = await this.#world.database.query<{ id: string }>(sql`
        select id from run where cluster = ${this.#cluster} and target = ${`node/${this.#node}`}
          and created_at >= ${clock?.now} order by created_at desc limit 1`);
      if (run) return run.id;
      await delay(LOOK_MS);
    }
  }

  async #say(text: string): Promise<void> {
    const { workspace } = this.#world;
    await workspace.slash(this.#requester, channelOf(this.#cluster), text);
  }

  async #standing(run: string): Promise<Standing | undefined> {
    const [row] = await this.#world.database.query<Standing>(sql`
      select id, status, (select gate from approval where run_id = id and approval.status = 'pending') as gate
      from run where id = ${run}`);
    return row;
  }

  /** Several people at the same moment, some of them twice. */
  async #decide(run: string, gate: number): Promise<void> {
    const crowd = this.#random.shuffled([...APPROVERS, ...APPROVERS]);
    const some = crowd.slice(0, this.#random.between(1, crowd.length));
    await Promise.all(
      some.map((user) => {
        const rejects = this.#mood === 'quarrel' && this.#random.chance(0.4);
        return rejects ? this.#reject(user, run, gate) : this.#approve(user, run, gate);
      }),
    );
  }

  async #approve(user: string, ...[run, gate]: [run: string, gate: number]): Promise<void> {
    const card = this.#card(run, gate);
    if (card && offers(card)) await this.#world.workspace.click(user, card, 'approval_approve');
  }

  async #reject(user: string, ...[run, gate]: [run: string, gate: number]): Promise<void> {
    const { workspace } = this.#world;
    const card = this.#card(run, gate);
    if (!card || !offers(card)) return;
    await workspace.click(user, card, 'approval_reject');
    await delay(LOOK_MS);
    const form = workspace
      .openViews(user)
      .find(({ private_metadata }) => private_metadata.includes(run));
    if (form) await workspace.submitView(user, form.id, { reason: { text: 'chaos' } });
  }

  #card(run: string, gate: number): StoredMessage | undefined {
    return this.#world.workspace
      .messages(channelOf(this.#cluster))
      .find(({ metadata }) => metadata?.event_payload['key'] === approvalKey(run, gate));
  }
}

function offers({ blocks }: StoredMessage): boolean {
  return JSON.stringify(blocks).includes('approval_approve');
}
