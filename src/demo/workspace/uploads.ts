import type { ServerResponse } from 'node:http';
import { type Route, readBody } from './http-server.ts';
import type { WorkspaceState } from './state.ts';

const UPLOAD = '/upload/';
const FILES = '/files/';

/** Takes the bytes of files that were announced. */
export function uploadRoute(state: WorkspaceState): Route {
  return async (request, response, url) => {
    if (!url.pathname.startsWith(UPLOAD)) return false;
    const file = state.files.get(url.pathname.slice(UPLOAD.length));
    if (!file || request.method !== 'POST') return notFound(response);
    const content = await uploaded(await readBody(request), request.headers['content-type']);
    state.apply({ type: 'file', file: { ...file, content } });
    await state.saved();
    response.writeHead(200).end(`OK - ${content.length}`);
    return true;
  };
}

/** Gives shared files back, always as plain text: what they hold is not to be run by a browser. */
export function fileRoute(state: WorkspaceState): Route {
  return (_request, response, url) => {
    if (!url.pathname.startsWith(FILES)) return false;
    const file = state.files.get(url.pathname.slice(FILES.length));
    if (!file?.shared) return notFound(response);
    response.writeHead(200, {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    response.end(file.content);
    return true;
  };
}

function notFound(response: ServerResponse): true {
  response.writeHead(404).end();
  return true;
}

/** Slack takes the bytes themselves or a form; the official client sends a form. */
async function uploaded(body: Buffer, contentType: string | undefined): Promise<string> {
  if (!contentType?.startsWith('multipart/form-data')) return body.toString();
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  }).formData();
  for (const value of form.values()) {
    if (typeof value !== 'string') return value.text();
  }
  return '';
}
