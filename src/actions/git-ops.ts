import type { Metadata } from '../kubernetes/resources/metadata.ts';

type Named = { readonly kind: string; readonly metadata: Metadata };

/**
 * The GitOps tool that keeps an object as it stands in Git; undefined where none says so.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export function gitOpsToolOf(object: Named): 'Argo CD' | 'Flux' | undefined {
  if (isTrackedByArgo(object)) return 'Argo CD';
  const { labels } = object.metadata;
  const isFlux =
    'kustomize.toolkit.fluxcd.io/name' in labels || 'helm.toolkit.fluxcd.io/name' in labels;
  return isFlux ? 'Flux' : undefined;
}

/** `app:group/Kind:namespace/name`. One that names another object was copied with the manifest, and says nothing. */
function isTrackedByArgo({ kind, metadata }: Named): boolean {
  const id = metadata.annotations['argocd.argoproj.io/tracking-id'] ?? '';
  const [, type = '', name = ''] = id.split(':');
  return (
    type.endsWith(`/${kind}`) && name === `${metadata.namespace ?? 'default'}/${metadata.name}`
  );
}
