import { createHash } from 'node:crypto';

/** An image as a container runtime names it: with its registry, and with a tag or a digest. */
export interface ImageReference {
  readonly host: string;
  readonly repository: string;
  /** `latest` where neither tag nor digest is given. */
  readonly tag?: string;
  readonly digest?: string;
  /** All of it: `docker.io/library/nginx:latest`. */
  readonly name: string;
}

/** A first part counts as a host where it has a dot or a port, or is `localhost`. */
const host =
  /(?:(?<host>localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+|[a-z0-9.-]+(?=:\d))(?<port>:\d+)?\/)?/;
const repository =
  /(?<repository>[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)/;
const label = /(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[a-f0-9]{64}))?/;
const shape = new RegExp(`^${host.source}${repository.source}${label.source}$`);

/** Undefined where it is no image reference. What names no registry is on Docker Hub. */
export function parseImage(text: string): ImageReference | undefined {
  const parts = shape.exec(text)?.groups;
  if (parts?.['repository'] === undefined) return undefined;
  const { digest, repository: path } = parts;
  const tag = parts['tag'] ?? (digest === undefined ? 'latest' : undefined);
  const place =
    parts['host'] === undefined
      ? { host: 'docker.io', repository: path.includes('/') ? path : `library/${path}` }
      : { host: `${parts['host']}${parts['port'] ?? ''}`, repository: path };
  const suffix = `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  return {
    ...place,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
    name: `${place.host}/${place.repository}${suffix}`,
  };
}

export function repositoryOf({ host, repository }: ImageReference): string {
  return `${host}/${repository}`;
}

/** Where its registry answers: Docker Hub does so under another name. */
export function registryHost({ host }: ImageReference): string {
  return host === 'docker.io' ? 'registry-1.docker.io' : host;
}

/** The digest of an image whose registry was not told another: the same for the same name. */
export function usualDigest(image: ImageReference): string {
  return image.digest ?? `sha256:${createHash('sha256').update(image.name).digest('hex')}`;
}

const smallestBytes = 20_000_000;
const spreadBytes = 300_000_000;

/** The size of an image whose registry was not told another, between 20 and 320 MB: the same for the same digest. */
export function usualSizeBytes(digest: string): number {
  return smallestBytes + (Number.parseInt(digest.slice(-7), 16) % spreadBytes);
}
