import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Route } from '../http-server.ts';

const compressed = promisify(gzip);
const DIRECTORY = join(import.meta.dirname, '..', 'page');
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};
/** Scripts and styles only from here: whatever slips through the escaping cannot run. */
const SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: https:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page and its parts, as they are in the folder page/. */
export const staticFiles: Route = async (request, response, url) => {
  const name = url.pathname === '/' ? 'index.html' : url.pathname.replace(/^\/page\//, '');
  const [, extension = ''] = /^[a-z-]+\.(html|js|css|svg)$/.exec(name) ?? [];
  const type = TYPES[extension];
  if (type === undefined) return false;
  const content = await readFile(join(DIRECTORY, name)).catch(() => undefined);
  if (content === undefined) return false;
  const isCompressed = /\bgzip\b/.test(String(request.headers['accept-encoding']));
  response.writeHead(200, {
    'content-type': type,
    ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
    vary: 'accept-encoding',
    'cache-control': 'no-cache',
    'content-security-policy': SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(isCompressed ? await compressed(content) : content);
  return true;
};
