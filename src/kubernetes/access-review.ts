import { z } from 'zod';
import { say } from '../language/text.ts';
import type { ApiCall } from './api-call.ts';
import type { AccessQuestion } from './kubernetes.ts';
import { collectionPath } from './resource-path.ts';

const TYPE = {
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SelfSubjectAccessReview',
  plural: 'selfsubjectaccessreviews',
  namespaced: false,
};

export const AccessReview = z.object({ status: z.object({ allowed: z.boolean() }) });

/** Asked as whoever the call impersonates. */
export function accessCall(question: AccessQuestion): ApiCall {
  const { verb, group, resource, subresource, namespace } = question;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  return {
    says: say('ask whether we may {verb} {what}', { verb, what }),
    // Stores nothing, so that it may be asked again.
    effect: 'read',
    method: 'POST',
    path: collectionPath(TYPE),
    body: {
      apiVersion: TYPE.apiVersion,
      kind: TYPE.kind,
      spec: {
        resourceAttributes: {
          verb,
          group,
          resource,
          ...(subresource === undefined ? {} : { subresource }),
          ...(namespace === undefined ? {} : { namespace }),
        },
      },
    },
  };
}
