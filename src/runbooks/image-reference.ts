/** The parts of an image reference, as a container runtime would pull it. */
export interface ImageReference {
  /** Host and perhaps port; absent where the runtime puts its default registry. */
  readonly registry?: string;
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:` and 64 hexadecimal digits; where it stands, the tag only explains. */
  readonly digest?: string;
}

const LONGEST_NAME = 255;
const HOST =
  /^(?=.{1,253}(?::|$))[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]{1,5})?$/;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[a-f0-9]{64}$/;
/** A runtime would take it for the ID of an image that it has. */
const IMAGE_ID = /^[a-f0-9]{64}$/;

/**
 * Reads an image reference by the grammar of container runtimes; undefined where the text is none.
 * @see https://github.com/distribution/reference/blob/main/reference.go
 */
export function parseImageReference(text: string): ImageReference | undefined {
  const [beforeDigest = '', digest, tooMuch] = text.split('@');
  const { name, tag } = splitTag(beforeDigest);
  const { registry, repository } = splitRegistry(name);
  const fits =
    tooMuch === undefined &&
    name.length <= LONGEST_NAME &&
    !IMAGE_ID.test(name) &&
    repository.split('/').every((component) => COMPONENT.test(component)) &&
    (registry === undefined || HOST.test(registry)) &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || DIGEST.test(digest));
  if (!fits) return undefined;
  return {
    ...(registry !== undefined && { registry }),
    repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/** A colon before the last slash belongs to a port. */
function splitTag(text: string): { name: string; tag?: string } {
  const colon = text.indexOf(':', text.lastIndexOf('/') + 1);
  return colon === -1 ? { name: text } : { name: text.slice(0, colon), tag: text.slice(colon + 1) };
}

/** The first component is a host where it could be nothing else: `team/app` is a repository, `team.example/app` is not. */
function splitRegistry(name: string): { registry?: string; repository: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = /[.:A-Z]/.test(first) || first === 'localhost';
  return isHost ? { registry: first, repository: name.slice(slash + 1) } : { repository: name };
}
