import { errorCode, errorMessage } from '../errors.ts';

const DEEPEST_CAUSE = 4;

/**
 * The error as it comes back from storage: message, text, code, data, stack and the causes' messages, without class or foreign
 * objects (a client's whole response, say). Thrown in this form from the start, so that a replay sees what the first run saw.
 */
export function storableError(error: unknown, depth = 0): Error {
  const storable = new Error(errorMessage(error));
  const code = errorCode(error);
  if (code !== undefined) Object.assign(storable, { code });
  if (!(error instanceof Error)) return storable;
  if ('text' in error) Object.assign(storable, { text: plainData(error.text) });
  storable.name = error.name;
  storable.stack = error.stack ?? '';
  if ('data' in error) Object.assign(storable, { data: plainData(error.data) });
  if (error.cause !== undefined && depth < DEEPEST_CAUSE) {
    storable.cause = storableError(error.cause, depth + 1);
  }
  return storable;
}

function plainData(data: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(data));
  } catch {
    return {};
  }
}
