import type { ExecuteContext } from '../action.ts';
import { listed } from '../words.ts';

/** The live line of a drain: how many pods have left, and what the others wait for. */
export class DrainProgress {
  readonly #context: ExecuteContext;
  readonly #total: number;
  readonly #waiting = new Map<string, string>();
  #done = 0;
  #shown = '';

  constructor(context: ExecuteContext, total: number) {
    this.#context = context;
    this.#total = total;
  }

  async waiting(pod: string, text: string): Promise<void> {
    this.#waiting.set(pod, text);
    await this.#show();
  }

  /** It is not waited for any more, and was none of those to be evicted. */
  async forget(pod: string): Promise<void> {
    this.#waiting.delete(pod);
    await this.#show();
  }

  async left(pod: string): Promise<void> {
    this.#waiting.delete(pod);
    this.#done += 1;
    await this.#show();
  }

  async #show(): Promise<void> {
    const waiting = listed(
      [...this.#waiting].map(([pod, text]) => `${pod} ${text}`),
      3,
    );
    const shown = `${this.#done} ${waiting}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    await this.#context.progress({
      done: this.#done,
      total: this.#total,
      unit: 'pods',
      ...(waiting && { waiting }),
    });
  }
}
