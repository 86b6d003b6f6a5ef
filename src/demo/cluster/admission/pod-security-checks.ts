import type { Container, PodSpec } from '../model/schemas.ts';

/**
 * What is wrong with a pod, in the words of the API server; undefined where nothing is.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export type Check = (spec: PodSpec) => string | undefined;

function containersOf(spec: PodSpec): readonly Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

/** `container "a"`, `containers "a", "b"`. */
function named(what: string, names: readonly string[]): string {
  return `${what}${names.length === 1 ? '' : 's'} ${quoted(names)}`;
}

/** The names of the containers that meet the test. */
function which(spec: PodSpec, test: (container: Container) => boolean): string[] {
  return containersOf(spec)
    .filter(test)
    .map(({ name }) => name);
}

/** A check that finds fault with containers one by one. */
function eachContainer(
  title: string,
  wrong: (container: Container) => boolean,
  demand: string,
): Check {
  return (spec) => {
    const names = which(spec, wrong);
    return names.length === 0 ? undefined : `${title} (${named('container', names)} ${demand})`;
  };
}

export const hostNamespaces: Check = (spec) => {
  const used = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => spec[field] === true);
  if (used.length === 0) return undefined;
  return `host namespaces (${used.map((field) => `${field}=true`).join(', ')})`;
};

export const hostPathVolumes: Check = (spec) => {
  const volumes = (spec.volumes ?? []).filter((volume) => 'hostPath' in volume);
  const names = volumes.map(({ name }) => name);
  return names.length === 0 ? undefined : `hostPath volumes (${named('volume', names)})`;
};

export const hostPorts: Check = (spec) => {
  const ports: number[] = [];
  const names = which(spec, (container) => {
    const used = (container.ports ?? []).map(({ hostPort }) => hostPort ?? 0);
    const taken = used.filter((port) => port !== 0);
    ports.push(...taken);
    return taken.length > 0;
  });
  if (names.length === 0) return undefined;
  const use = names.length === 1 ? 'uses' : 'use';
  const what = ports.length === 1 ? 'hostPort' : 'hostPorts';
  return `hostPort (${named('container', names)} ${use} ${what} ${ports.join(', ')})`;
};

export const privileged = eachContainer(
  'privileged',
  ({ securityContext }) => securityContext?.privileged === true,
  'must not set securityContext.privileged=true',
);

export const allowPrivilegeEscalation = eachContainer(
  'allowPrivilegeEscalation != false',
  ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false,
  'must set securityContext.allowPrivilegeEscalation=false',
);

const defaultCapabilities = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** The sentence about capabilities that were added beyond the allowed ones. */
function addedBeyond(spec: PodSpec, allowed: ReadonlySet<string>): string | undefined {
  const added = ({ securityContext }: Container) =>
    (securityContext?.capabilities?.add ?? []).filter((name) => !allowed.has(name));
  const names = which(spec, (container) => added(container).length > 0);
  if (names.length === 0) return undefined;
  const all = [...new Set(containersOf(spec).flatMap(added))].sort();
  return `${named('container', names)} must not include ${quoted(all)} in securityContext.capabilities.add`;
}

export const baselineCapabilities: Check = (spec) => {
  const added = addedBeyond(spec, defaultCapabilities);
  return added === undefined ? undefined : `non-default capabilities (${added})`;
};

export const restrictedCapabilities: Check = (spec) => {
  const keeping = which(
    spec,
    ({ securityContext }) => securityContext?.capabilities?.drop?.includes('ALL') !== true,
  );
  const sentences = [
    keeping.length === 0
      ? undefined
      : `${named('container', keeping)} must set securityContext.capabilities.drop=["ALL"]`,
    addedBeyond(spec, new Set(['NET_BIND_SERVICE'])),
  ].filter((sentence) => sentence !== undefined);
  return sentences.length === 0 ? undefined : `unrestricted capabilities (${sentences.join('; ')})`;
};

const allowedVolumes = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

export const restrictedVolumes: Check = (spec) => {
  const typeOf = (volume: object) => Object.keys(volume).find((key) => key !== 'name');
  const bad = (spec.volumes ?? []).filter(
    (volume) => !allowedVolumes.has(typeOf(volume) ?? 'emptyDir'),
  );
  if (bad.length === 0) return undefined;
  const types = [...new Set(bad.map((volume) => typeOf(volume) ?? ''))].sort();
  const volumes = named(
    'volume',
    bad.map(({ name }) => name),
  );
  const use = bad.length === 1 ? 'uses' : 'use';
  return `restricted volume types (${volumes} ${use} ${named('restricted volume type', types)})`;
};

/** What the pod and its containers set wrongly of themselves: `pod and containers "a", "b"`. */
function setters(spec: PodSpec, bad: (context: PodSpec['securityContext']) => boolean): string {
  const names = which(spec, ({ securityContext }) => bad(securityContext));
  return [bad(spec.securityContext) ? 'pod' : '', names.length > 0 ? named('container', names) : '']
    .filter((who) => who !== '')
    .join(' and ');
}

export const runAsNonRoot: Check = (spec) => {
  const bad = setters(spec, (context) => context?.runAsNonRoot === false);
  if (bad !== '')
    return `runAsNonRoot != true (${bad} must not set securityContext.runAsNonRoot=false)`;
  if (spec.securityContext?.runAsNonRoot === true) return undefined;
  const silent = which(spec, ({ securityContext }) => securityContext?.runAsNonRoot !== true);
  if (silent.length === 0) return undefined;
  return `runAsNonRoot != true (pod or ${named('container', silent)} must set securityContext.runAsNonRoot=true)`;
};

export const runAsUser: Check = (spec) => {
  const bad = setters(spec, (context) => context?.runAsUser === 0);
  return bad === '' ? undefined : `runAsUser=0 (${bad} must not set runAsUser=0)`;
};

const profiles = ['RuntimeDefault', 'Localhost'];

export const seccompUnconfined: Check = (spec) => {
  const bad = setters(spec, (context) => {
    const type = context?.seccompProfile?.type;
    return type !== undefined && !profiles.includes(type);
  });
  if (bad === '') return undefined;
  return `seccompProfile (${bad} must not set securityContext.seccompProfile.type to "Unconfined")`;
};

export const seccompProfile: Check = (spec) => {
  const unconfined = seccompUnconfined(spec);
  if (unconfined !== undefined || spec.securityContext?.seccompProfile !== undefined) {
    return unconfined;
  }
  const silent = which(
    spec,
    ({ securityContext }) => securityContext?.seccompProfile === undefined,
  );
  if (silent.length === 0) return undefined;
  return `seccompProfile (pod or ${named('container', silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`;
};
