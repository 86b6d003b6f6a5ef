import { setImmediate as othersTurn } from 'node:timers/promises';

/**
 * The time that a simulated cluster lives in: its timestamps, its controllers' delays, what expires. HTTP itself stays in
 * real time: delays of faults, bookmarks, the timeout of a watch.
 */
export interface SimulatedClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Acts once, `ms` from now, to the millisecond; 0 is after what is under way. Returns what takes it back. */
  after(ms: number, act: () => void): () => void;
}

export const realClock: SimulatedClock = {
  now: () => Date.now(),
  after: (ms, act) => {
    if (ms <= 0) {
      const turn = setImmediate(act);
      return () => clearImmediate(turn);
    }
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

interface Appointment {
  readonly at: number;
  /** Undefined once it was taken back. */
  act: (() => void) | undefined;
}

/** So long time may move without a turn for requests that wait, in real milliseconds. */
const turnMs = 10;

/** A clock that stands still until a test moves it. */
export class MovableClock implements SimulatedClock {
  #now: number;
  /** By time; those of the same time in the order in which they were made. */
  readonly #appointments: Appointment[] = [];

  /** Begins at a whole second, so that timestamps lose nothing. */
  constructor(startMs = Math.floor(Date.now() / 1000) * 1000) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, act: () => void): () => void {
    const appointment: Appointment = { at: this.#now + Math.max(0, Math.ceil(ms)), act };
    this.#appointments.splice(this.#placeOf(appointment.at), 0, appointment);
    return () => {
      appointment.act = undefined;
    };
  }

  /** Lets time pass: whatever falls due happens at its moment and in its order, and so does what follows from it. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    let turnEnds = performance.now() + turnMs;
    for (;;) {
      const [next] = this.#appointments;
      if (next === undefined || next.at > end) break;
      this.#appointments.shift();
      this.#now = next.at;
      next.act?.();
      if (performance.now() < turnEnds) continue;
      await othersTurn();
      turnEnds = performance.now() + turnMs;
    }
    this.#now = end;
  }

  /** Where an appointment for this time belongs: behind all that are not later. */
  #placeOf(at: number): number {
    let low = 0;
    let high = this.#appointments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#appointments[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
