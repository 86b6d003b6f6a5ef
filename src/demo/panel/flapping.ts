import type { World } from '../cluster/world.ts';
import { SeenNode } from './seen-objects.ts';

/** What the kubelet says by turns, and for how long, in milliseconds. */
const TURNS_MS = [6000, 3000, 5000];
const NOT_READY = {
  type: 'Ready',
  status: 'False',
  reason: 'KubeletNotReady',
  message: 'container runtime is down',
} as const;

/** A node whose kubelet says NotReady and Ready by turns, as when its container runtime hangs. */
export class Flapping {
  readonly #world: World;
  readonly #node: string;
  #timer: NodeJS.Timeout | undefined;

  constructor(world: World, node: string) {
    this.#world = world;
    this.#node = node;
    this.#recover();
  }

  /**
   * NotReady, Ready, NotReady, and Ready for good.
   * @throws Error when the node is there no longer
   */
  start(): void {
    if (this.#timer !== undefined) return;
    if (this.#world.get('Node', this.#node) === undefined) {
      throw new Error(`Node ${this.#node} is there no longer: it has been replaced.`);
    }
    this.#turn(0);
  }

  /** Ready again, at once. */
  stop(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#world.clearNodeCondition(this.#node, 'Ready');
  }

  /** A process that was killed meanwhile has left the node NotReady. */
  #recover(): void {
    const stored = this.#world.get('Node', this.#node);
    if (stored === undefined) return;
    const { conditions } = SeenNode.parse(stored).status;
    const isLeft = conditions.some(({ message }) => message === NOT_READY.message);
    if (isLeft) this.#world.clearNodeCondition(this.#node, 'Ready');
  }

  #turn(index: number): void {
    if (this.#world.get('Node', this.#node) === undefined || index === TURNS_MS.length) {
      this.stop();
      return;
    }
    if (index % 2 === 0) this.#world.setNodeCondition(this.#node, NOT_READY);
    else this.#world.clearNodeCondition(this.#node, 'Ready');
    this.#timer = setTimeout(() => this.#turn(index + 1), TURNS_MS[index]).unref();
  }
}
