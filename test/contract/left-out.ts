const notServed = 'not served by the simulation';

/** Recorded exchanges that are not replayed, by their number, and why. */
export const leftOut: Readonly<Record<string, string>> = {
  '50': 'server-side apply is answered with 415',
  '51': 'server-side apply is answered with 415',
  '52': notServed,
};
