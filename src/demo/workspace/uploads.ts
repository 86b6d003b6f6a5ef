import { type Route, readBody } from './http-server.ts';
import type { WorkspaceState } from './state.ts';

const UPLOAD = '/upload/';
const FILES = '/files/';

/** Takes the bytes of files that were announced, and gives shared ones back as text. */
export function fileRoutes(state: WorkspaceState): Route {
  return async (request, response, url) => {
    const isUpload = request.method === 'POST' && url.pathname.startsWith(UPLOAD);
    if (!isUpload && !url.pathname.startsWith(FILES)) return false;
    const id = url.pathname.slice(isUpload ? UPLOAD.length : FILES.length);
    const file = state.files.get(id);
    if (!file || (!isUpload && !file.shared)) {
      response.writeHead(404).end();
      return true;
    }
    if (isUpload) {
      const content = await uploaded(await readBody(request), request.headers['content-type']);
      state.apply({ type: 'file', file: { ...file, content } });
      await state.saved();
      response.writeHead(200).end(`OK - ${content.length}`);
    } else {
      response.writeHead(200, {
        'content-type': 'text/plain; charset=utf-8',
        'x-content-type-options': 'nosniff',
      });
      response.end(file.content);
    }
    return true;
  };
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
