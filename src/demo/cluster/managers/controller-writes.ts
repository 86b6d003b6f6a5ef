import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../model/objects.ts';
import { managedFieldsOf, ownersOfUpdated } from './managed-fields.ts';

const controllers = { manager: 'kube-controller-manager', subresource: 'status' };

/** Notes what a controller changed in a draft of an object as its own, where owners are kept for the object. */
export function noteControllerWrite(before: KubeObject, draft: KubeObject, time: string): void {
  if (before.metadata['managedFields'] === undefined || isDeepStrictEqual(before, draft)) return;
  const owners = ownersOfUpdated({ before, after: draft, custom: false, time }, controllers);
  draft.metadata['managedFields'] = managedFieldsOf(owners);
}
