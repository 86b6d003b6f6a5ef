import { z } from 'zod';
import { errorMessage } from '../errors.ts';
import { say, type Text } from '../language/text.ts';
import { inEnglish } from '../language/translate.ts';
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
  readonly says: Text;
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
    why: say('the answer of {server} breaks off after {length} characters', {
      server: origin.server,
      length,
    }),
    wayOut: say('look at the API server and what lies between, then try again'),
  };
  return failure(origin, explanation, { status: 0, reason: 'BrokenAnswer', mayHaveHappened: true });
}

/** An answer that says success and cannot be parsed. */
export function unreadableAnswer(origin: Origin, error: unknown): KubernetesError {
  const problem = error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error);
  return unexpectedAnswer(origin, shorten(problem.replaceAll('\n', ' ')));
}

/** An answer that says success and is not what the API promises. */
export function unexpectedAnswer(origin: Origin, detail: Text): KubernetesError {
  const explanation = {
    why: say('the answer is not what the API promises ({detail})', { detail }),
    wayOut: say('check that {server} is a Kubernetes API server of a supported version', {
      server: origin.server,
    }),
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
  const said = { call: origin.says, cluster: origin.cluster, why, wayOut };
  const text = effectUncertain
    ? say(
        'could not {call} in cluster {cluster}: {why}; it may have been carried out all the same; {wayOut}',
        said,
      )
    : say('could not {call} in cluster {cluster}: {why}; {wayOut}', said);
  return new KubernetesError({
    ...known,
    text: scrubbed(text),
    effectUncertain,
    data: { cluster: origin.cluster, call: inEnglish(origin.says) },
  });
}

/** A proxy may repeat what it was sent, and people will read this. */
function scrubbed(text: Text): Text {
  return JSON.parse(JSON.stringify(text), (_, part: unknown) =>
    typeof part === 'string' ? withoutSecrets(part) : part,
  );
}

function explainTransport(origin: Origin, error: TransportError): Explanation & { reason: string } {
  const { server } = origin;
  const { detail } = error;
  switch (error.kind) {
    case 'credentials':
      return {
        reason: 'NoCredentials',
        why: say('its credentials could not be obtained ({detail})', { detail }),
        wayOut: say('check the credential plugin and the files that its kubeconfig names'),
      };
    case 'unreachable':
      return explainUnreachable(server, error);
    case 'no-answer':
      return {
        reason: 'NoAnswer',
        why: say('{server} did not answer ({detail})', { server, detail }),
        wayOut: say('look at the load of the API server, then try again'),
      };
    case 'lost':
      return {
        reason: 'ConnectionLost',
        why: say('the connection to {server} broke ({detail})', { server, detail }),
        wayOut: say('look at the API server and what lies between, then try again'),
      };
  }
}

function explainUnreachable(
  server: string,
  { causeCode, detail }: TransportError,
): Explanation & { reason: string } {
  const certificate = explainCertificate(causeCode);
  if (certificate) {
    const { why: problem, wayOut } = certificate;
    const why = say('{server} is not trusted: {problem} ({detail})', { server, problem, detail });
    return { reason: 'NotTrusted', why, wayOut };
  }
  return {
    reason: 'Unreachable',
    why: say('{server} cannot be reached ({detail})', { server, detail }),
    wayOut: say(
      'check the server address in its kubeconfig, the network, and that the API server runs',
    ),
  };
}
