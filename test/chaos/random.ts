/** Random numbers that are the same for the same seed. @see https://en.wikipedia.org/wiki/Xorshift */
export class Random {
  #state: number;

  constructor(seed: number) {
    // Multiplied, so that neighbouring seeds have nothing in common; never 0, from which there is no way out.
    this.#state = Math.imul(seed, 0x9e3779b1) >>> 0 || 1;
    for (let turn = 0; turn < 8; turn += 1) this.#next();
  }

  #next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state;
  }

  /** From 0 to below 1. */
  share(): number {
    return this.#next() / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.share() < probability;
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.share() * (high - low + 1));
  }

  pick<T>(from: readonly [T, ...T[]]): T {
    return from[this.between(0, from.length - 1)] ?? from[0];
  }

  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, at: this.share() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ item }) => item);
  }

  /** A source of its own for somebody else, so that what one draws does not depend on who draws when. */
  fork(): Random {
    return new Random(this.#next());
  }
}
