import { z } from 'zod';
import { badRequest } from '../registry/api-error.ts';
import type { Store } from '../storage/store.ts';
import type { Attributes } from './attributes.ts';
import { authorize } from './authorize.ts';
import type { User } from './users.ts';

const text = z.string().optional();
const Review = z.looseObject({
  spec: z.looseObject({
    resourceAttributes: z
      .looseObject({
        verb: text,
        group: text,
        resource: text,
        subresource: text,
        namespace: text,
        name: text,
      })
      .optional(),
    nonResourceAttributes: z.looseObject({ verb: text, path: text }).optional(),
  }),
});

/**
 * Answers a SelfSubjectAccessReview from the rules that the gate itself goes by.
 * @throws ApiError 400 where the body asks nothing
 */
export function reviewAccess(store: Store, user: User, body: unknown): Record<string, unknown> {
  const review = Review.safeParse(body);
  if (!review.success) throw badRequest('a SelfSubjectAccessReview needs a spec');
  const { spec } = review.data;
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec,
    status: authorize(store, user, askedOf(spec)),
  };
}

/** An empty namespace asks for the whole cluster, an empty name for any. */
function askedOf(spec: z.infer<typeof Review>['spec']): Attributes {
  const { resourceAttributes: asked, nonResourceAttributes: path } = spec;
  if (asked === undefined) {
    return { verb: path?.verb ?? '', group: '', resource: '', path: path?.path ?? '' };
  }
  const { verb = '', group = '', resource = '' } = asked;
  return {
    verb,
    group,
    resource,
    subresource: asked.subresource || undefined,
    namespace: asked.namespace || undefined,
    name: asked.name || undefined,
  };
}
