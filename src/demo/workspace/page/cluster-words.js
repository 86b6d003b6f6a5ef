/** In the order in which they are told. */
const POD_WORDS = ['leaving', 'starting', 'waiting', 'not ready', 'failed'];

/** `6 nodes · 33 pods: 2 leaving, 1 starting` */
export function clusterWords({ nodes, pods }) {
  let all = 0;
  for (const count of Object.values(pods)) all += count;
  return `${counted(nodes, 'node')} · ${podWords(all, pods)}`;
}

/** `14 pods: 2 leaving`; finished pods are not spoken of. */
export function podWords(all, counts) {
  const parts = POD_WORDS.filter((word) => counts[word] > 0).map(
    (word) => `${counts[word]} ${word}`,
  );
  const words = counted(all - (counts.done ?? 0), 'pod');
  return parts.length > 0 ? `${words}: ${parts.join(', ')}` : words;
}

export function countStates(pods) {
  const counts = {};
  for (const { state } of pods) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** `payments/api-x, leaving; nothing brings it back` */
export function tileWords({ name, state, stays, workload }) {
  if (stays) return `${name}, ${state}, stays with its node`;
  return workload || state === 'done'
    ? `${name}, ${state}`
    : `${name}, ${state}; nothing brings it back`;
}

/** `payments/api needs 2, has 2: 0 may go` */
export function budgetWords({ needs, has, mayGo }) {
  return `needs ${needs}, has ${has}: ${mayGo} may go`;
}

function counted(count, word) {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
