const oneUser = 'the simulation has one user, who may do everything';
const admission = 'no Pod Security, quotas or limit ranges are enforced';
const jobs = 'Jobs are simulated, but not the exact words of their pods and warnings';
const notServed = 'not served by the simulation';

/** Recorded exchanges that are not replayed, by their number, and why. */
export const leftOut: Readonly<Record<string, string>> = {
  '34': jobs,
  '35': jobs,
  '36': jobs,
  '37': admission,
  '38': admission,
  '39': admission,
  '40': admission,
  '41': admission,
  '42': admission,
  '43': admission,
  '44': admission,
  '45': notServed,
  '46': notServed,
  '47': notServed,
  '48': notServed,
  '49': notServed,
  '50': 'server-side apply is answered with 415',
  '51': 'server-side apply is answered with 415',
  '52': notServed,
  '54': oneUser,
  '55': oneUser,
  '57': oneUser,
  '60': notServed,
};
