import { z } from 'zod';
import { withoutSecrets } from '../log.ts';
import { explainCertificate } from './certificate-words.ts';
import { type Explanation, explain, explainWebPage, shorten } from './failure-words.ts';
import { KubernetesError, type StatusCause } from './kubernetes.ts';
import {
  causesOf,
  type FailedAnswer,
  isWebPage,
  readStatus,
  reasonOf,
  retryAfter,
  type Status,
} from './status-body.ts';
import type { TransportError } from './transport-error.ts';

/** What was asked, where: enough to tell a person, and to know whether something may have changed. */
export interface Origin {
  readonly cluster: string;
  readonly server: string;
  /** `evict Pod payments/api-1` */
  readonly says: string;
  readonly effect: 'read' | 'write' | 'dry-run';
}

/** The API server's answer as an error that says which call failed, why, and what to do. */
export function failureOfAnswer(origin: Origin, answer: FailedAnswer): KubernetesError {
  const status = readStatus(answer.body);
  const causes = causesOf(status);
  const retryAfterMs = retryAfter(answer, status);
  const reason = reasonOf(answer.status, status);
  const explanation = isWebPage(answer)
    ? explainWebPage(origin.server, answer.status)
    : explain(reason, { httpStatus: answer.status, status, causes, retryAfterMs });
  return failure(origin, explanation, {
    status: answer.status,
    reason,
    causes,
    retryAfterMs,
    mayHaveHappened: answer.status >= 500 && !isRefusal(status),
  });
}

/** A 5xx says as little as no answer does: etcd or a gateway gave up waiting. These alone are said before anything is stored. */
function isRefusal(status: Status | undefined): boolean {
  return /more than one PodDisruptionBudget|failed calling webhook/.test(status?.message ?? '');
}

/** No answer came at all. */
export function failureOfTransport(origin: Origin, error: TransportError): KubernetesError {
  const { reason, ...explanation } = explainTransport(origin, error);
  return failure(origin, explanation, {
    status: 0,
    reason,
    mayHaveHappened: error.kind === 'no-answer' || error.kind === 'lost',
    cause: error,
  });
}

/** An answer that says success and breaks off: the same read may succeed a little later. */
export function brokenAnswer(origin: Origin, length: number): KubernetesError {
  const explanation = {
    why: `the answer of ${origin.server} breaks off after ${length} characters`,
    wayOut: 'look at the API server and what lies between, then try again',
  };
  return failure(origin, explanation, { status: 0, reason: 'BrokenAnswer', mayHaveHappened: true });
}

/** An answer that says success and is not what the API promises. */
export function unexpectedAnswer(origin: Origin, problem: unknown): KubernetesError {
  const detail = problem instanceof z.ZodError ? z.prettifyError(problem) : String(problem);
  const explanation = {
    why: `the answer is not what the API promises (${shorten(detail.replaceAll('\n', ' '))})`,
    wayOut: `check that ${origin.server} is a Kubernetes API server of a supported version`,
  };
  return failure(origin, explanation, {
    status: 0,
    reason: 'UnexpectedAnswer',
    mayHaveHappened: true,
  });
}

interface Failure {
  readonly status: number;
  readonly reason: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterMs?: number | undefined;
  /** If it was to change something. */
  readonly mayHaveHappened: boolean;
  readonly cause?: unknown;
}

function failure(origin: Origin, { why, wayOut }: Explanation, rest: Failure): KubernetesError {
  const { mayHaveHappened, ...known } = rest;
  const effectUncertain = mayHaveHappened && origin.effect === 'write';
  const doubt = effectUncertain ? '; it may have been carried out all the same' : '';
  const message = `could not ${origin.says} in cluster ${origin.cluster}: ${why}${doubt}; ${wayOut}`;
  return new KubernetesError({
    ...known,
    // a proxy may repeat what it was sent, and people will read this
    message: withoutSecrets(message),
    effectUncertain,
    data: { cluster: origin.cluster, call: origin.says },
  });
}

function explainTransport(origin: Origin, error: TransportError): Explanation & { reason: string } {
  switch (error.kind) {
    case 'credentials':
      return {
        reason: 'NoCredentials',
        why: `its credentials could not be obtained (${error.message})`,
        wayOut: 'check the credential plugin and the files that its kubeconfig names',
      };
    case 'unreachable':
      return explainUnreachable(origin, error);
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

function explainUnreachable(
  origin: Origin,
  error: TransportError,
): Explanation & { reason: string } {
  const { server } = origin;
  const certificate = explainCertificate(error.causeCode);
  if (certificate) {
    const why = `${server} is not trusted: ${certificate.why} (${error.message})`;
    return { reason: 'NotTrusted', why, wayOut: certificate.wayOut };
  }
  return {
    reason: 'Unreachable',
    why: `${server} cannot be reached (${error.message})`,
    wayOut: 'check the server address in its kubeconfig, the network, and that the API server runs',
  };
}
