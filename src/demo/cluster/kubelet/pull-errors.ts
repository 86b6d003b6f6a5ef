import type { PullFailure } from '../model/kubelet-schemas.ts';
import { type ImageReference, registryHost } from './image-reference.ts';

const hubLimit =
  'You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit';

/** What containerd says of a pull that fails, as the kubelet hands it on. */
export function pullError(failure: PullFailure, image: ImageReference, digest: string): string {
  const { name } = image;
  const code = failure === 'not_found' ? 'NotFound' : 'Unknown';
  const what = `failed to pull and unpack image "${name}"`;
  return `rpc error: code = ${code} desc = ${what}: ${causes[failure](image, digest)}`;
}

const causes: Readonly<Record<PullFailure, (image: ImageReference, digest: string) => string>> = {
  not_found: (image) => unresolved(image, `${image.name}: not found`),
  unauthorized: (image) =>
    unresolved(
      image,
      image.host === 'docker.io'
        ? 'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed'
        : `unexpected status from HEAD request to ${manifestUrl(image)}: 401 Unauthorized`,
    ),
  unreachable: (image) =>
    unresolved(
      image,
      `failed to do request: Head "${manifestUrl(image)}": dial tcp ${addressOf(image)}: i/o timeout`,
    ),
  rate_limited: (image, digest) => {
    const limit = image.host === 'docker.io' ? hubLimit : 'rate exceeded';
    return `failed to copy: httpReadSeeker: failed open: unexpected status code ${manifestUrl(image, digest)}: 429 Too Many Requests - Server message: toomanyrequests: ${limit}`;
  },
};

function unresolved({ name }: ImageReference, why: string): string {
  return `failed to resolve reference "${name}": ${why}`;
}

function manifestUrl(image: ImageReference, version = image.digest ?? image.tag ?? ''): string {
  return `https://${registryHost(image)}/v2/${image.repository}/manifests/${version}`;
}

/** An address set aside for examples, with the registry's port. */
function addressOf({ host }: ImageReference): string {
  return `203.0.113.10:${host.split(':')[1] ?? '443'}`;
}
