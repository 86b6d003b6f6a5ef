import { z } from 'zod';
import type { ResourceType } from '../kubernetes.ts';
import { Metadata } from './metadata.ts';

const EventSchema = z.object({
  metadata: Metadata,
  involvedObject: z
    .object({
      kind: z.string().optional(),
      namespace: z.string().optional(),
      name: z.string().optional(),
      uid: z.string().optional(),
    })
    .default({}),
  type: z.string().default('Normal'),
  reason: z.string().default(''),
  message: z.string().default(''),
  count: z.number().nullish(),
  // Events of the newer API leave the older times null, and the other way round.
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  series: z.object({ count: z.number(), lastObservedTime: z.string().nullish() }).nullish(),
});

export type Event = z.infer<typeof EventSchema>;
export const Event: ResourceType<Event> = {
  apiVersion: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
  schema: EventSchema,
};

/** When it was last seen, in epoch milliseconds. */
export function lastSeen(event: Event): number {
  const at =
    event.series?.lastObservedTime ??
    event.lastTimestamp ??
    event.eventTime ??
    event.metadata.creationTimestamp;
  const time = Date.parse(at);
  return Number.isNaN(time) ? 0 : time;
}

export function timesSeen(event: Event): number {
  return event.series?.count ?? event.count ?? 1;
}
