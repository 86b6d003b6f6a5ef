/** A person has read a place up to a message: a channel, or a thread as `CHANNEL/ts`. */
export interface ReadChange {
  readonly type: 'read';
  readonly user: string;
  readonly place: string;
  readonly ts: string;
}

/** How far each person has read. */
export class ReadMarks {
  readonly #marks = new Map<string, ReadChange>();

  put(change: ReadChange): void {
    this.#marks.set(`${change.user}/${change.place}`, change);
  }

  /** The newest message read; nothing where the person has never been. */
  get(user: string, place: string): string | undefined {
    return this.#marks.get(`${user}/${place}`)?.ts;
  }

  everything(): ReadChange[] {
    return [...this.#marks.values()];
  }
}
