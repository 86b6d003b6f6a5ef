import type { StatusCause } from './kubernetes.ts';
import type { Status } from './status-body.ts';

/** Why a call failed, and what somebody can do. */
export interface Explanation {
  readonly why: string;
  readonly wayOut: string;
}

interface Facts {
  readonly httpStatus: number;
  readonly status: Status | undefined;
  readonly causes: readonly StatusCause[];
  readonly retryAfterMs: number | undefined;
}

const WAYS_OUT: Readonly<Record<string, Explanation>> = {
  Unauthorized: {
    why: 'the API server does not accept our credentials',
    wayOut: 'renew the token or certificate of its kubeconfig user',
  },
  Forbidden: {
    why: 'it is not allowed',
    wayOut: 'grant it by RBAC, or see which policy denies it',
  },
  NotFound: { why: 'it does not exist', wayOut: 'check the name and the cluster' },
  ApiNotServed: {
    why: 'the cluster does not serve this API',
    wayOut: 'install what provides it, or check the server address',
  },
  AlreadyExists: {
    why: 'one of this name is there already',
    wayOut: 'look at it, or use another name',
  },
  Conflict: {
    why: 'it has changed or been replaced meanwhile',
    wayOut: 'read it again, then decide anew',
  },
  Invalid: { why: 'the API server refuses the content', wayOut: 'correct it; nothing was changed' },
  BadRequest: {
    why: 'the API server finds it malformed',
    wayOut: 'correct it; nothing was changed',
  },
  Expired: { why: 'it asks for a state that is too old', wayOut: 'list again' },
};

/** A refusal of the API server. */
export function explain(reason: string, facts: Facts): Explanation {
  const said = saidBy(facts);
  if (facts.httpStatus === 429) return explainTooMany(facts, said);
  const known = WAYS_OUT[reason];
  const wayOut = (reason === 'Forbidden' && missingRight(facts)) || known?.wayOut;
  if (known && wayOut) return { why: `${known.why}${said}`, wayOut };
  if (facts.httpStatus >= 500) {
    return {
      why: `the API server failed with ${facts.httpStatus}${said}`,
      wayOut: 'look at the control plane and its admission webhooks, then try again',
    };
  }
  return { why: `the API server answered ${facts.httpStatus}${said}`, wayOut: 'see its reason' };
}

/** RBAC's own words hold all that a role needs. @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
function missingRight({ status }: Facts): string | undefined {
  const message = status?.message ?? '';
  const [, verb, resource, group, rest] =
    /cannot (\w+) resource "([^"]+)" in API group "([^"]*)"(.*)/.exec(message) ?? [];
  if (verb === undefined || resource === undefined) return undefined;
  const [, user = 'its user'] = /User "([^"]+)"/.exec(message) ?? [];
  const [, namespace] = /in the namespace "([^"]+)"/.exec(rest ?? '') ?? [];
  const where =
    namespace === undefined ? 'by a ClusterRole' : `in namespace ${namespace}, by a Role`;
  const what = group ? `${resource}.${group}` : resource;
  return `grant \`${verb} ${what}\` to ${user} ${where}`;
}

/** Not the API server answered, whatever the status. The page itself says nothing to anybody, and may hold a session. */
export function explainWebPage(server: string, httpStatus: number): Explanation {
  return {
    why: `${server} answered ${httpStatus} with a web page, as a proxy, load balancer or sign-in does`,
    wayOut: 'look at what lies between Handrail and the API server, and at the server address',
  };
}

/** Two things answer 429: a disruption budget, and the server's own rate limit. */
function explainTooMany({ causes, retryAfterMs }: Facts, said: string): Explanation {
  const budget = causes.find((cause) => cause.reason === 'DisruptionBudget');
  if (budget) {
    const wayOut = 'wait until more of its pods are healthy, or give the budget room';
    return { why: `a disruption budget does not allow it now (${budget.message})`, wayOut };
  }
  const wait = retryAfterMs === undefined ? 'a while' : `${Math.ceil(retryAfterMs / 1000)} s`;
  return { why: `the API server has too much to do${said}`, wayOut: `try again in ${wait}` };
}

function saidBy({ httpStatus, status, causes }: Facts): string {
  // The client's own words for these say more than "Unauthorized" and `nodes "x" not found`.
  if (httpStatus === 401 || httpStatus === 404 || !status) return '';
  const told = causes
    .map((cause) => cause.message)
    .filter((text) => text && !status.message.includes(text));
  const text = [status.message, ...told].filter(Boolean).join('; ');
  return text ? ` (${shorten(text)})` : '';
}

export function shorten(text: string): string {
  return text.length > 400 ? `${text.slice(0, 399)}…` : text;
}
