import { say, type Text } from '../language/text.ts';
import type { StatusCause } from './kubernetes.ts';
import type { Status } from './status-body.ts';

/** Why a call failed, and what somebody can do. */
export interface Explanation {
  readonly why: Text;
  readonly wayOut: Text;
}

interface Facts {
  readonly httpStatus: number;
  readonly status: Status | undefined;
  readonly causes: readonly StatusCause[];
  readonly retryAfterMs: number | undefined;
}

const WAYS_OUT: Readonly<Record<string, Explanation>> = {
  Unauthorized: {
    why: say('the API server does not accept our credentials'),
    wayOut: say('renew the token or certificate of its kubeconfig user'),
  },
  Forbidden: {
    why: say('it is not allowed'),
    wayOut: say('grant it by RBAC, or see which policy denies it'),
  },
  NotFound: { why: say('it does not exist'), wayOut: say('check the name and the cluster') },
  ApiNotServed: {
    why: say('the cluster does not serve this API'),
    wayOut: say('install what provides it, or check the server address'),
  },
  AlreadyExists: {
    why: say('one of this name is there already'),
    wayOut: say('look at it, or use another name'),
  },
  Conflict: {
    why: say('it has changed or been replaced meanwhile'),
    wayOut: say('read it again, then decide anew'),
  },
  Invalid: {
    why: say('the API server refuses the content'),
    wayOut: say('correct it; nothing was changed'),
  },
  BadRequest: {
    why: say('the API server finds it malformed'),
    wayOut: say('correct it; nothing was changed'),
  },
  Expired: { why: say('it asks for a state that is too old'), wayOut: say('list again') },
};

/** A refusal of the API server. */
export function explain(reason: string, facts: Facts): Explanation {
  const said = saidBy(facts);
  if (facts.httpStatus === 429) return explainTooMany(facts, said);
  const known = WAYS_OUT[reason];
  const wayOut = (reason === 'Forbidden' && missingRight(facts)) || known?.wayOut;
  if (known && wayOut) return { why: withDetail(known.why, said), wayOut };
  const { httpStatus: status } = facts;
  if (status >= 500) {
    return {
      why: withDetail(say('the API server failed with {status}', { status }), said),
      wayOut: say('look at the control plane and its admission webhooks, then try again'),
    };
  }
  return {
    why: withDetail(say('the API server answered {status}', { status }), said),
    wayOut: say('see its reason'),
  };
}

/** With what the API server says about it, where it says more. */
function withDetail(why: Text, detail: string): Text {
  return detail === '' ? why : say('{why} ({detail})', { why, detail });
}

/** RBAC's own words hold all that a role needs. @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
function missingRight({ status }: Facts): Text | undefined {
  const message = status?.message ?? '';
  const [, verb, resource, group, rest] =
    /cannot (\w+) resource "([^"]+)" in API group "([^"]*)"(.*)/.exec(message) ?? [];
  if (verb === undefined || resource === undefined) return undefined;
  const [, user = say('its user')] = /User "([^"]+)"/.exec(message) ?? [];
  const [, namespace] = /in the namespace "([^"]+)"/.exec(rest ?? '') ?? [];
  const right = `${verb} ${group ? `${resource}.${group}` : resource}`;
  return namespace === undefined
    ? say('grant `{right}` to {user} by a ClusterRole', { right, user })
    : say('grant `{right}` to {user} in namespace {namespace}, by a Role', {
        right,
        user,
        namespace,
      });
}

/** Not the API server answered, whatever the status. The page itself says nothing to anybody, and may hold a session. */
export function explainWebPage(server: string, httpStatus: number): Explanation {
  return {
    why: say(
      '{server} answered {status} with a web page, as a proxy, load balancer or sign-in does',
      { server, status: httpStatus },
    ),
    wayOut: say('look at what lies between Handrail and the API server, and at the server address'),
  };
}

/** Two things answer 429: a disruption budget, and the server's own rate limit. */
function explainTooMany({ causes, retryAfterMs }: Facts, said: string): Explanation {
  const budget = causes.find((cause) => cause.reason === 'DisruptionBudget');
  if (budget) {
    return {
      why: say('a disruption budget does not allow it now ({detail})', { detail: budget.message }),
      wayOut: say('wait until more of its pods are healthy, or give the budget room'),
    };
  }
  const why = withDetail(say('the API server has too much to do'), said);
  if (retryAfterMs === undefined) return { why, wayOut: say('try again in a while') };
  const seconds = Math.ceil(retryAfterMs / 1000);
  return { why, wayOut: say('try again in {seconds} s', { seconds }) };
}

function saidBy({ httpStatus, status, causes }: Facts): string {
  // The client's own words for these say more than "Unauthorized" and `nodes "x" not found`.
  if (httpStatus === 401 || httpStatus === 404 || !status) return '';
  const told = causes
    .map((cause) => cause.message)
    .filter((text) => text && !status.message.includes(text));
  const text = [status.message, ...told].filter(Boolean).join('; ');
  return shorten(text);
}

export function shorten(text: string): string {
  return text.length > 400 ? `${text.slice(0, 399)}…` : text;
}
