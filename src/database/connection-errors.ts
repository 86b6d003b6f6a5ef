import { errorCode, errorMessage } from '../errors.ts';

/** From the socket: ENOENT and EPIPE are what a Unix socket says where TCP says ECONNREFUSED and ECONNRESET. */
const SOCKET_CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * From the server: connection exceptions (class 08), shutting down or starting up, and out of connections.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const SQL_STATE = /^(08...|57P0[1235]|53300)$/;

/**
 * Nothing of the statement counted, and the same may well succeed later: conflicts with others, locks and time that ran
 * out, a server that is full or that takes no writes, as a replica during a failover.
 */
const PASSING_STATE = /^(40001|40P01|55P03|57014|53...|25006)$/;

/** From node-postgres, which has no codes for these. */
const MESSAGES = [
  'Connection terminated',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
];

/** The connection failed, not the statement. */
export function isConnectionError(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined) return SOCKET_CODES.has(code) || SQL_STATE.test(code);
  return MESSAGES.some((message) => errorMessage(error).startsWith(message));
}

/** The server is there, and cannot do it now. */
export function isPassing(error: unknown): boolean {
  return PASSING_STATE.test(errorCode(error) ?? '');
}

/**
 * The statement never reached the server, which therefore did nothing: a write into a connection that was closed already,
 * or one that was known to be broken. ECONNRESET says no such thing.
 */
export function wasNotSent(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined) return code === 'EPIPE';
  return errorMessage(error).endsWith('is not queryable');
}
