import { isDeepStrictEqual } from 'node:util';
import { ImageCache as CacheKind, Node as NodeKind } from '../model/kinds.ts';
import type { CachedImage } from '../model/kubelet-schemas.ts';
import type { Node } from '../model/schemas.ts';
import type { Store } from '../storage/store.ts';
import { type ImageReference, parseImage, repositoryOf, usualDigest } from './image-reference.ts';
import { pullTerms } from './image-sources.ts';
import type { Place } from './kubelet-events.ts';

/** So many images stand in a node's status, as `nodeStatusMaxImages` has it: one that is not among them may be there. */
const maximumInStatus = 50;

/** `registry.example/app@sha256:…`: how a container runtime tells which image it runs. */
export function imageIdOf(image: ImageReference, digest: string): string {
  return `${repositoryOf(image)}@${digest}`;
}

/** Of a node that nothing is known of yet, its status tells. */
function imagesOn(store: Store, node: string): readonly CachedImage[] {
  const cache = store.get(CacheKind, node)?.spec.images;
  return cache ?? store.get(NodeKind, node)?.status?.images ?? [];
}

/** The image on the node that has this name. */
export function cachedImage(store: Store, node: string, name: string): CachedImage | undefined {
  return imagesOn(store, node).find(({ names }) => names.includes(name));
}

/** The id of an image on a node; of one that came without its digest, the usual one. */
export function idOfCached({ names }: CachedImage, image: ImageReference): string {
  return names.find((name) => name.includes('@')) ?? imageIdOf(image, usualDigest(image));
}

/** From now on the image is on the node; a tag that moved is its name and no longer the other one's. */
export function cacheImages(
  store: Store,
  node: string,
  added: readonly { image: ImageReference; digest: string; sizeBytes: number }[],
): void {
  if (added.length === 0) return;
  let images = [...imagesOn(store, node)];
  for (const { image, digest, sizeBytes } of added) {
    const id = imageIdOf(image, digest);
    const known = images.find(({ names }) => names.includes(id));
    const names = [...new Set([...(known?.names ?? [id]), image.name])];
    images = images
      .filter((each) => each !== known)
      .map((each) => ({ ...each, names: each.names.filter((name) => name !== image.name) }));
    images.push({ names, sizeBytes });
  }
  putImages(store, node, images);
}

/** What runs on a node has its images there. */
export function rememberImages(store: Store, { pod, node }: Place): void {
  const { name } = node.metadata;
  const added = [];
  for (const container of pod.spec.containers) {
    const image = parseImage(container.image);
    if (image === undefined || cachedImage(store, name, image.name) !== undefined) continue;
    added.push({ image, ...pullTerms(store, name, image) });
  }
  cacheImages(store, name, added);
}

/** The kubelet's garbage collection has taken it. */
export function forgetImage(store: Store, node: string, name: string): void {
  const images = imagesOn(store, node).filter(({ names }) => !names.includes(name));
  putImages(store, node, images);
}

/** The node's disk is gone with it. */
export function forgetImages(store: Store, node: string): void {
  const cache = store.get(CacheKind, node);
  if (cache !== undefined) store.remove(cache);
}

function putImages(store: Store, node: string, images: readonly CachedImage[]): void {
  if (isDeepStrictEqual(images, imagesOn(store, node))) return;
  store.put({
    apiVersion: 'simulation/v1',
    kind: CacheKind.kind,
    metadata: { name: node, uid: `images-${node}`, creationTimestamp: '' },
    spec: { images },
  });
}

/** The images as the node's status shows them: the largest first, and not more than fit. */
export function imagesInStatus(store: Store, node: Node): CachedImage[] {
  const images = [...imagesOn(store, node.metadata.name)];
  return images.sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, maximumInStatus);
}
