import { z } from 'zod';
import { errorMessage } from '../errors.ts';
import { KubernetesError, type StatusCause } from './kubernetes.ts';
import type { TransportError } from './transport-error.ts';

/** What was asked, where: enough to tell a person, and to know whether something may have changed. */
export interface Origin {
  readonly cluster: string;
  readonly server: string;
  /** `evict Pod payments/api-1` */
  readonly says: string;
  readonly effect: 'read' | 'write' | 'dry-run';
}

export interface FailedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const Status = z.object({
  kind: z.literal('Status'),
  message: z.string().default(''),
  reason: z.string().default(''),
  details: z
    .object({
      causes: z
        .array(
          z.object({
            reason: z.string().default(''),
            message: z.string().default(''),
            field: z.string().optional(),
          }),
        )
        .default([]),
      retryAfterSeconds: z.number().optional(),
    })
    .default({ causes: [] }),
});
type Status = z.infer<typeof Status>;

/** The API server's answer as an error that says which call failed, why, and what to do. */
export function failureOfAnswer(origin: Origin, answer: FailedAnswer): KubernetesError {
  const status = readStatus(answer.body);
  const causes = (status?.details.causes ?? []).map(toCause);
  const reason = reasonOf(answer.status, status);
  const retryAfterMs = retryAfter(answer, status);
  const { why, wayOut } = explain(reason, {
    httpStatus: answer.status,
    said: saidBy(status, causes, answer.status),
    causes,
    retryAfterMs,
  });
  return new KubernetesError({
    message: `could not ${origin.says} in cluster ${origin.cluster}: ${why}; ${wayOut}`,
    status: answer.status,
    reason,
    causes,
    retryAfterMs,
    // A gateway gave up waiting; what it passed on may still be carried out.
    effectUncertain: origin.effect === 'write' && (answer.status === 502 || answer.status === 504),
    data: { cluster: origin.cluster, call: origin.says },
  });
}

/** No answer came at all. */
export function failureOfTransport(origin: Origin, error: TransportError): KubernetesError {
  const { reason, why, wayOut } = explainTransport(origin, error);
  const sent = error.kind === 'no-answer' || error.kind === 'lost';
  const effectUncertain = sent && origin.effect === 'write';
  const doubt = effectUncertain ? '; it may have been carried out all the same' : '';
  return new KubernetesError({
    message: `could not ${origin.says} in cluster ${origin.cluster}: ${why}${doubt}; ${wayOut}`,
    status: 0,
    reason,
    effectUncertain,
    cause: error,
    data: { cluster: origin.cluster, call: origin.says },
  });
}

/** An answer that says success and is not what the API promises. */
export function unexpectedAnswer(origin: Origin, cause: unknown): KubernetesError {
  const detail = cause instanceof z.ZodError ? z.prettifyError(cause) : errorMessage(cause);
  const why = `the answer is not what the API promises (${shorten(detail.replaceAll('\n', ' '))})`;
  const wayOut = `check that ${origin.server} is a Kubernetes API server of a supported version`;
  return new KubernetesError({
    message: `could not ${origin.says} in cluster ${origin.cluster}: ${why}; ${wayOut}`,
    status: 0,
    reason: 'UnexpectedAnswer',
    effectUncertain: origin.effect === 'write',
    cause,
    data: { cluster: origin.cluster, call: origin.says },
  });
}

function explainTransport(origin: Origin, error: TransportError) {
  switch (error.kind) {
    case 'credentials':
      return {
        reason: 'NoCredentials',
        why: `its credentials could not be obtained (${error.message})`,
        wayOut: 'check the credential plugin or token file of its kubeconfig user',
      };
    case 'unreachable':
      return {
        reason: 'Unreachable',
        why: `${origin.server} cannot be reached (${error.message})`,
        wayOut: 'check the address, the network and the certificate of the API server',
      };
    case 'no-answer':
      return {
        reason: 'NoAnswer',
        why: `${origin.server} did not answer (${error.message})`,
        wayOut: 'look at the load of the API server, then try again',
      };
    case 'lost':
      return {
        reason: 'ConnectionLost',
        why: `the connection to ${origin.server} broke (${error.message})`,
        wayOut: 'look at the API server and what lies between, then try again',
      };
  }
}

interface Facts {
  readonly httpStatus: number;
  readonly said: string;
  readonly causes: readonly StatusCause[];
  readonly retryAfterMs: number | undefined;
}

const WAYS_OUT: Readonly<Record<string, { why: string; wayOut: string }>> = {
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

function explain(reason: string, facts: Facts): { why: string; wayOut: string } {
  if (facts.httpStatus === 429) return explainTooMany(facts);
  const known = WAYS_OUT[reason];
  if (known) return { why: `${known.why}${facts.said}`, wayOut: known.wayOut };
  if (facts.httpStatus >= 500) {
    const wayOut = 'look at the control plane and its admission webhooks, then try again';
    return { why: `the API server failed with ${facts.httpStatus}${facts.said}`, wayOut };
  }
  return {
    why: `the API server answered ${facts.httpStatus}${facts.said}`,
    wayOut: 'see its reason',
  };
}

/** Two things answer 429: a disruption budget, and the server's own rate limit. */
function explainTooMany({ causes, said, retryAfterMs }: Facts): { why: string; wayOut: string } {
  const budget = causes.find((cause) => cause.reason === 'DisruptionBudget');
  if (budget) {
    const wayOut = 'wait until more of its pods are healthy, or give the budget room';
    return { why: `a disruption budget does not allow it now (${budget.message})`, wayOut };
  }
  const wait = retryAfterMs === undefined ? 'a while' : `${Math.ceil(retryAfterMs / 1000)} s`;
  return { why: `the API server has too much to do${said}`, wayOut: `try again in ${wait}` };
}

function saidBy(status: Status | undefined, causes: readonly StatusCause[], http: number): string {
  // The client's own words for these say more than "Unauthorized" and `nodes "x" not found`.
  if (http === 401 || http === 404 || !status) return '';
  const told = causes
    .map((cause) => cause.message)
    .filter((text) => text && !status.message.includes(text));
  const text = [status.message, ...told].filter(Boolean).join('; ');
  return text ? ` (${shorten(text)})` : '';
}

function reasonOf(http: number, status: Status | undefined): string {
  if (status?.reason) return status.reason;
  if (http === 404) return status ? 'NotFound' : 'ApiNotServed';
  return REASONS[http] ?? (http >= 500 ? 'InternalError' : 'Refused');
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Expired',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

function readStatus(body: string): Status | undefined {
  try {
    return Status.parse(JSON.parse(body));
  } catch {
    // Proxies and unknown paths answer with text.
    return undefined;
  }
}

function toCause({ reason, message, field }: Status['details']['causes'][number]): StatusCause {
  return { reason, message, ...(field === undefined ? {} : { field }) };
}

function retryAfter({ headers }: FailedAnswer, status: Status | undefined): number | undefined {
  const header = headers['retry-after'];
  const seconds = header === undefined ? status?.details.retryAfterSeconds : Number(header);
  if (seconds !== undefined && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header ?? '');
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function shorten(text: string): string {
  return text.length > 400 ? `${text.slice(0, 399)}…` : text;
}
