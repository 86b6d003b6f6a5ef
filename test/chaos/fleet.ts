import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ServeProcess } from '../e2e/serve-process.ts';
import type { ChaosWorld } from './chaos-world.ts';
import type { Random } from './random.ts';

const SERVE = fileURLToPath(new URL('serve.ts', import.meta.url));

/** One Handrail or several on the same database, killed or paused at random moments. */
export class Fleet {
  readonly #world: ChaosWorld;
  readonly #random: Random;
  readonly #living: ServeProcess[] = [];
  readonly #ended: ServeProcess[] = [];
  #kills = 0;
  #pauses = 0;

  constructor(world: ChaosWorld, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  get disturbances(): string {
    return `${this.#kills} kills, ${this.#pauses} pauses`;
  }

  /** What all of them wrote to their logs. */
  get log(): string {
    return [...this.#ended, ...this.#living].map(({ log }) => log).join('');
  }

  /** Brings it to so many processes; those that are too many are killed. */
  async resize(size: number): Promise<void> {
    while (this.#living.length > size) await this.#kill(0);
    while (this.#living.length < size) {
      this.#living.push(await ServeProcess.start(this.#world, SERVE));
    }
  }

  /** Kills or pauses one at a random moment, so many times or until told to stop. */
  async disturb(times: number, signal: AbortSignal): Promise<void> {
    for (let turn = 0; turn < times; turn += 1) {
      await delay(this.#random.between(700, 6000), undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      const size = this.#living.length;
      const position = this.#random.between(0, size - 1);
      if (size > 1 && this.#random.chance(0.4)) await this.#pause(position);
      else {
        await this.#kill(position);
        await delay(this.#random.between(0, 1000));
        await this.resize(size);
      }
    }
  }

  /** Long enough for the other to take its runs over. */
  async #pause(position: number): Promise<void> {
    const other = this.#living.find((_, at) => at !== position);
    if (other) this.#world.workspace.connect(other.requestUrl);
    await this.#living[position]?.pause(this.#random.between(3500, 6500));
    this.#pauses += 1;
  }

  async #kill(position: number): Promise<void> {
    for (const process of this.#living.splice(position, 1)) {
      await process.kill('SIGKILL');
      this.#ended.push(process);
      this.#kills += 1;
    }
    // Slack goes on with those who are left, as it would behind a load balancer.
    const [other] = this.#living;
    if (other) this.#world.workspace.connect(other.requestUrl);
  }

  async stop(): Promise<void> {
    while (this.#living.length > 0) await this.#kill(0);
  }
}
