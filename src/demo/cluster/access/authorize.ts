import type { Binding, PolicyRule, Subject } from '../model/access-schemas.ts';
import { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '../model/kinds.ts';
import type { Store } from '../storage/store.ts';
import type { Attributes } from './attributes.ts';
import { everyone, masters, serviceAccountUser, type User } from './users.ts';

/** What every user may, as the roles system:discovery and system:basic-user say. */
const basicRules: readonly PolicyRule[] = [
  {
    verbs: ['get'],
    nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/readyz'],
  },
  { verbs: ['get'], nonResourceURLs: ['/version', '/version/', '/openapi', '/openapi/*'] },
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
];

const allRules: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

export interface Verdict {
  readonly allowed: boolean;
  /** Which binding allows it; absent where no rule was asked, or none allows. */
  readonly reason?: string;
}

/** Whether the user may, by the roles that are bound to them. Rules only ever allow. */
export function authorize(store: Store, user: User, wanted: Attributes): Verdict {
  if (user.groups.includes(masters)) return { allowed: true };
  if (user.groups.includes(everyone) && allows(basicRules, wanted)) return { allowed: true };
  for (const binding of bindingsFor(store, wanted.namespace)) {
    const subject = binding.subjects?.find((each) => means(each, user, binding));
    if (subject === undefined || !allows(rulesOf(store, binding), wanted)) continue;
    const { kind, name } = binding.roleRef;
    const by = `${binding.kind} "${bindingName(binding)}" of ${kind} "${name}"`;
    return {
      allowed: true,
      reason: `RBAC: allowed by ${by} to ${subject.kind} "${subjectName(subject)}"`,
    };
  }
  return { allowed: false };
}

function bindingsFor(store: Store, namespace: string | undefined): readonly Binding[] {
  const everywhere = store.list(ClusterRoleBinding);
  return namespace === undefined
    ? everywhere
    : [...everywhere, ...store.list(RoleBinding, namespace)];
}

function bindingName({ metadata }: Binding): string {
  return metadata.namespace === undefined
    ? metadata.name
    : `${metadata.name}/${metadata.namespace}`;
}

function subjectName(subject: Subject): string {
  return subject.namespace === undefined ? subject.name : `${subject.name}/${subject.namespace}`;
}

function means(subject: Subject, user: User, binding: Binding): boolean {
  if (subject.kind === 'Group') return user.groups.includes(subject.name);
  if (subject.kind === 'User') return subject.name === user.name;
  const namespace = subject.namespace ?? binding.metadata.namespace ?? '';
  return serviceAccountUser(namespace, subject.name).name === user.name;
}

/** Whether a binding names this user itself, not only a group of theirs. */
export function isBound(store: Store, user: string): boolean {
  const names = ({ subjects = [] }: Binding) =>
    subjects.some(({ kind, name }) => kind === 'User' && name === user);
  return store.list(ClusterRoleBinding).some(names) || store.list(RoleBinding).some(names);
}

function rulesOf(store: Store, binding: Binding): readonly PolicyRule[] {
  const { kind, name } = binding.roleRef;
  if (kind === 'Role') return store.get(Role, name, binding.metadata.namespace)?.rules ?? [];
  const found = store.get(ClusterRole, name);
  if (found === undefined && name === 'cluster-admin') return allRules;
  return found?.rules ?? [];
}

function allows(rules: readonly PolicyRule[], wanted: Attributes): boolean {
  return rules.some(
    (rule) =>
      holds(rule.verbs, wanted.verb) &&
      (wanted.path === undefined ? allowsResource(rule, wanted) : allowsPath(rule, wanted.path)),
  );
}

function holds(list: readonly string[] | undefined, value: string): boolean {
  return list !== undefined && (list.includes('*') || list.includes(value));
}

function allowsResource(rule: PolicyRule, wanted: Attributes): boolean {
  const { resource, subresource, group, name } = wanted;
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  const part = subresource !== undefined && rule.resources?.includes(`*/${subresource}`) === true;
  const names = rule.resourceNames ?? [];
  return (
    holds(rule.apiGroups, group) &&
    (part || holds(rule.resources, full)) &&
    (names.length === 0 || (name !== undefined && names.includes(name)))
  );
}

function allowsPath(rule: PolicyRule, path: string): boolean {
  return (rule.nonResourceURLs ?? []).some((url) =>
    url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : path === url,
  );
}
