const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Distances between ticks that people count in, in milliseconds. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((count) => count * HOUR),
];
const MOST_TICKS = 7;

export interface Tick {
  /** Milliseconds after the beginning. */
  readonly at: number;
  readonly label: string;
}

/** Round moments over a length of time, from its beginning on, few enough to be read. */
export function ticksOver(lengthMs: number): Tick[] {
  const known = STEPS.find((step) => lengthMs / step <= MOST_TICKS);
  const step = known ?? 24 * HOUR * Math.ceil(lengthMs / (24 * HOUR) / MOST_TICKS);
  const count = Math.floor(lengthMs / step);
  return Array.from({ length: count + 1 }, (_, index) => {
    const at = index * step;
    return { at, label: labelOf(at, step) };
  });
}

/** In the unit of the distance between two ticks, so that all are alike: `90 s` never stands between `1 min` and `2 min`. */
function labelOf(at: number, step: number): string {
  if (step < MINUTE) return `${at / SECOND} s`;
  if (step < HOUR) return `${at / MINUTE} min`;
  return `${at / HOUR} h`;
}
