import { errorMessage, RunbookError } from '../errors.ts';
import { say, type Text } from '../language/text.ts';
import { inEnglish } from '../language/translate.ts';
import { DeadlineError } from './deadline.ts';

/**
 * Why no answer came. `credentials` and `unreachable`: the request was never sent. `no-answer` and `lost`: it may have been
 * carried out.
 */
export type TransportErrorKind = 'credentials' | 'unreachable' | 'no-answer' | 'lost';

export class TransportError extends Error {
  readonly kind: TransportErrorKind;
  /** What the system, TLS or a plugin says about it. */
  readonly detail: Text;
  /** Of the system, of TLS or of undici; empty where there is none. */
  readonly causeCode: string;

  constructor(kind: TransportErrorKind, options: { cause: unknown }) {
    const detail = detailOf(options.cause);
    // What a credential plugin prints stays out of every log: its own words may hold a token.
    super(inEnglish(detail), kind === 'credentials' ? undefined : options);
    this.name = 'TransportError';
    this.kind = kind;
    this.detail = detail;
    this.causeCode = codeOf(chain(options.cause).at(-1));
  }
}

export function toTransportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  if (error instanceof DeadlineError) return new TransportError('no-answer', { cause: error });
  const refused = chain(error).some((cause) => NEVER_CONNECTED.test(codeOf(cause)));
  return new TransportError(refused ? 'unreachable' : 'lost', { cause: error });
}

/** Of the system, of TLS and of undici: the connection did not come about, so that nothing was sent over it. */
const NEVER_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPROTO|UND_ERR_CONNECT_TIMEOUT|UND_ERR_PRX_.*|CERT_.*|ERR_SSL_.*|ERR_TLS_CERT_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*)$/;

function chain(error: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let cause = error; cause !== undefined && causes.length < 10; ) {
    causes.push(cause);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** `fetch failed` says nothing: the innermost cause does. */
function detailOf(error: unknown): Text {
  const innermost = chain(error).at(-1);
  if (innermost instanceof RunbookError) return innermost.text;
  const code = codeOf(innermost);
  const message = plainWords(errorMessage(innermost).split('\n')[0] ?? '');
  const text = message && !message.includes(code) ? `${message} (${code})` : message || code;
  if (text === '') return say('no reason is given');
  return withoutSecrets(text).slice(0, 200);
}

/** Without Node's advice for developers, and of OpenSSL's `error:0A00010B:SSL routines:function:reason:file:line:` the reason. */
function plainWords(message: string): string {
  const [, reason] = /error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(message) ?? [];
  return reason ?? message.replace(/; if the root CA is installed locally.*$/, '');
}

/** A credential plugin may print what it was given. */
function withoutSecrets(text: string): string {
  return text.replaceAll(/\b(Bearer|Basic)\s+\S+|\beyJ[\w.-]{20,}/g, '[hidden]');
}
