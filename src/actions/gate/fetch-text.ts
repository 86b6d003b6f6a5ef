import { errorMessage } from '../../errors.ts';

const CALL_TIMEOUT_MS = 10_000;
/** An answer is looked at, not downloaded. */
const LONGEST_BODY = 1_000_000;

export type Answer =
  | { readonly status: 'answered'; readonly code: number; readonly body: string }
  | { readonly status: 'failed'; readonly why: string };

/** One GET. That no answer comes is an answer too. Redirects are not followed: the URL of the gate is the one approved. */
export async function fetchText(url: string, signal: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]),
    });
    return { status: 'answered', code: response.status, body: await readBody(response) };
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return { status: 'failed', why: errorMessage(cause) };
  }
}

async function readBody(response: Response): Promise<string> {
  if (response.body === null) return '';
  let text = '';
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.length > LONGEST_BODY) break;
  }
  return text;
}
