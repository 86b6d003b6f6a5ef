import { ImageSource as SourceKind } from '../model/kinds.ts';
import type { ImageSource, PullFailure } from '../model/kubelet-schemas.ts';
import type { Store } from '../storage/store.ts';
import {
  type ImageReference,
  parseImage,
  repositoryOf,
  usualDigest,
  usualSizeBytes,
} from './image-reference.ts';
import { kubeletState } from './kubelet-states.ts';

type Source = ImageSource['spec'];

/** What one pull meets. */
export interface PullTerms {
  /** A factor on the usual time. */
  readonly slowness: number;
  readonly failure?: PullFailure | undefined;
  readonly digest: string;
  readonly sizeBytes: number;
}

/**
 * Says what a registry (`registry.example`), a repository (`registry.example/app`) or an image (`registry.example/app:1`)
 * is like; all that was said of it before is forgotten.
 */
export function setImageSource(store: Store, where: string, source: Source): void {
  const name = sourceName(where);
  store.put({
    apiVersion: 'simulation/v1',
    kind: SourceKind.kind,
    metadata: { name, uid: `source-${name}`, creationTimestamp: '' },
    spec: source,
  });
}

function sourceName(where: string): string {
  const isHost = /^(?:localhost|[^/@]*\.[^/@]*|[^/@]*:\d+)$/.test(where);
  const image = isHost ? undefined : parseImage(where);
  if (image === undefined) return where;
  return /[:@]/.test(where.slice(where.lastIndexOf('/'))) ? image.name : repositoryOf(image);
}

/** What an image of this name meets on its way to the node; what is said of the narrowest place wins. */
export function pullTerms(store: Store, node: string, image: ImageReference): PullTerms {
  const places = [image.name, repositoryOf(image), image.host];
  const sources = places.map((name) => store.get(SourceKind, name)?.spec ?? {});
  const pulls = [kubeletState(store, node).pulls ?? {}, ...sources];
  const digest = image.digest ?? first(sources, ({ digest }) => digest) ?? usualDigest(image);
  let slowness = 1;
  for (const each of pulls) slowness *= each.slowness ?? 1;
  return {
    slowness,
    failure: first(pulls, ({ failure }) => failure),
    digest,
    sizeBytes: first(sources, ({ sizeBytes }) => sizeBytes) ?? usualSizeBytes(digest),
  };
}

function first<T, Value>(all: readonly T[], value: (each: T) => Value | undefined) {
  return all.map(value).find((each) => each !== undefined);
}
