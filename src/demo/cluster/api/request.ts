import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import type { Writer } from '../managers/managed-fields.ts';
import { isRecord } from '../model/objects.ts';
import { badRequest, unsupportedMediaType } from '../registry/api-error.ts';

/** One request to the API server, read to its end. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly accept: string;
  readonly userAgent: string;
  readonly authorization: string | undefined;
  readonly impersonate: string | undefined;
  readonly impersonateGroups: readonly string[];
  /** Parsed JSON; undefined where there is none. */
  readonly body: unknown;
}

export interface ApiResponse {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const maximumBytes = 3 * 1024 * 1024;

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    bytes += chunk.length;
    if (bytes > maximumBytes) throw badRequest('request body is larger than 3 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What the real API server speaks besides JSON and YAML; `kubectl create deployment` sends it, `kubectl create -f` does not. */
const unread = ['application/vnd.kubernetes.protobuf', 'application/cbor'];

function parseBody(text: string, contentType: string): unknown {
  if (text === '') return undefined;
  if (unread.includes(contentType)) {
    throw unsupportedMediaType(['application/json', 'application/yaml']);
  }
  try {
    return /[/+]yaml$/.test(contentType) ? parse(text) : JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badRequest(`the object provided is unrecognized (must be of type JSON): ${why}`);
  }
}

function header(message: IncomingMessage, name: string): string | undefined {
  const value = message.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** @throws ApiError 400 where the body is not JSON */
export async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const contentType = (header(message, 'content-type') ?? '').split(';')[0]?.trim() ?? '';
  const url = new URL(message.url ?? '/', 'http://cluster');
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    contentType,
    accept: header(message, 'accept') ?? '',
    userAgent: header(message, 'user-agent') ?? '',
    authorization: header(message, 'authorization'),
    impersonate: header(message, 'impersonate-user'),
    impersonateGroups: message.headersDistinct['impersonate-group'] ?? [],
    body: parseBody(await readText(message), contentType),
  };
}

/** `dryRun=All` in the query, or in the DeleteOptions of the body. */
export function isDryRun(request: ApiRequest): boolean {
  if (request.query.getAll('dryRun').includes('All')) return true;
  return [deleteOptionsOf(request.body), request.body].some(
    (options) =>
      isRecord(options) && Array.isArray(options['dryRun']) && options['dryRun'].includes('All'),
  );
}

function deleteOptionsOf(body: unknown): unknown {
  return isRecord(body) ? body['deleteOptions'] : undefined;
}

/** Who a write is noted under: as it says itself, else the product in the User-Agent. */
export function writerOf(request: ApiRequest, subresource?: string): Writer {
  const product = request.userAgent.split('/')[0] ?? '';
  const named = request.query.get('fieldManager') ?? '';
  return { manager: named || product || 'unknown', subresource };
}
