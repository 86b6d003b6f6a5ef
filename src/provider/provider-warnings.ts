import { type Cluster, isKubernetesError } from '../kubernetes/kubernetes.ts';
import { Event, lastSeen } from '../kubernetes/resources/event.ts';
import { oneLine } from './condition-text.ts';

/** Events of objects without a namespace are kept in this one. */
const NAMESPACE = 'default';

/**
 * The latest Warning of this reason since a time, such as `InsufficientCapacityError: no capacity in the zone`: what a
 * provider says of objects that it has deleted already. Undefined where there is none, or we may not look.
 */
export async function latestWarning(
  cluster: Cluster,
  about: { readonly kind: string; readonly name?: string; readonly reason: string },
  sinceMs: number,
): Promise<string | undefined> {
  const { kind, name, reason } = about;
  const named = name === undefined ? [] : [`involvedObject.name=${name}`];
  const fieldSelector = [`involvedObject.kind=${kind}`, `reason=${reason}`, ...named].join(',');
  const events = await eventsOf(cluster, fieldSelector);
  const [latest] = events
    .filter((event) => event.type === 'Warning' && lastSeen(event) >= sinceMs)
    .sort((a, b) => lastSeen(b) - lastSeen(a));
  return latest && oneLine(`${reason}: ${latest.message}`);
}

/** Reading events is a courtesy: a replacement does not fail for want of the right. */
async function eventsOf(cluster: Cluster, fieldSelector: string): Promise<Event[]> {
  try {
    return await cluster.list(Event, { namespace: NAMESPACE, fieldSelector });
  } catch (error) {
    if (isKubernetesError(error) && error.status === 403) return [];
    throw error;
  }
}
