import { apiVersionOf } from '../model/kinds.ts';
import { isRecord, type KubeObject } from '../model/objects.ts';
import { ApiError, badRequest, notYetReached } from '../registry/api-error.ts';
import { keyOf, type Store } from '../storage/store.ts';
import { isFiltered, type Selection, selectObjects } from './selection.ts';

interface Token {
  readonly rv: number;
  /** The key after which to go on. */
  readonly start: string;
}

function encodeToken(token: Token): string {
  const text = JSON.stringify({ v: 'meta.k8s.io/v1', rv: token.rv, start: `${token.start}\u0000` });
  return Buffer.from(text).toString('base64url');
}

/** @throws ApiError 400 where it is no token */
function decodeToken(text: string): Token {
  const token = parseToken(text);
  if (!isRecord(token) || typeof token['rv'] !== 'number' || typeof token['start'] !== 'string') {
    throw badRequest(
      'continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
    );
  }
  return { rv: token['rv'], start: token['start'].replace('\u0000', '') };
}

function parseToken(text: string): unknown {
  const decoded = Buffer.from(text, 'base64url').toString('utf8');
  try {
    return JSON.parse(decoded);
  } catch (error) {
    const why = goJsonError(decoded);
    throw badRequest(`invalid continue token: continue key is not valid: ${why}`, error);
  }
}

/** How Go's JSON decoder puts it: the API server hands its words on. */
function goJsonError(text: string): string {
  for (const literal of ['null', 'true', 'false']) {
    if (text[0] !== literal[0]) continue;
    const at = [...literal].findIndex((letter, index) => text[index] !== letter);
    return `invalid character '${text[at]}' in literal ${literal} (expecting '${literal[at]}')`;
  }
  return `invalid character '${text[0] ?? ''}' looking for beginning of value`;
}

/** The rest of a paged list, as it was when its first page was read. */
interface Snapshot {
  readonly objects: readonly KubeObject[];
  readonly expiresAt: number;
}

/** Lists in pages that belong to one moment, however long a client takes over them, until the token expires. */
export class Lister {
  readonly #store: Store;
  readonly #continueMs: number;
  readonly #snapshots = new Map<string, Snapshot>();

  constructor(store: Store, continueMs: number) {
    this.#store = store;
    this.#continueMs = continueMs;
  }

  /** @throws ApiError 410 where the token has expired, 400 where it is none */
  list(selection: Selection, query: URLSearchParams): Record<string, unknown> {
    const limit = Number(query.get('limit') ?? 0);
    const given = query.get('continue') ?? '';
    const token = given === '' ? undefined : decodeToken(given);
    checkReached(query, this.#store.revision);
    const revision = token === undefined || token.rv < 0 ? this.#store.revision : token.rv;
    const objects = this.#objects(selection, token);
    const page = limit > 0 ? objects.slice(0, limit) : objects;
    const rest = objects.length - page.length;
    const last = page.at(-1);
    const metadata: Record<string, unknown> = { resourceVersion: String(revision) };
    if (rest > 0 && last !== undefined) {
      this.#keep(`${revision}|${selection.text}`, objects);
      metadata['continue'] = encodeToken({ rv: revision, start: keyOf(last) });
      if (!isFiltered(selection)) metadata['remainingItemCount'] = rest;
    }
    return {
      kind: `${selection.kind.kind}List`,
      apiVersion: apiVersionOf(selection.kind),
      metadata,
      items: selection.kind.custom ? page : page.map(withoutType),
    };
  }

  #objects(selection: Selection, token: Token | undefined): readonly KubeObject[] {
    if (token === undefined) return selectObjects(this.#store, selection);
    if (token.rv < 0) return after(selectObjects(this.#store, selection), token.start);
    const snapshot = this.#snapshots.get(`${token.rv}|${selection.text}`);
    if (snapshot === undefined || snapshot.expiresAt < this.#store.clock.now())
      throw expired(token);
    return after(snapshot.objects, token.start);
  }

  #keep(key: string, objects: readonly KubeObject[]): void {
    const now = this.#store.clock.now();
    for (const [old, snapshot] of this.#snapshots) {
      if (snapshot.expiresAt < now) this.#snapshots.delete(old);
    }
    if (!this.#snapshots.has(key)) {
      this.#snapshots.set(key, { objects, expiresAt: now + this.#continueMs });
    }
  }
}

function after(objects: readonly KubeObject[], start: string): readonly KubeObject[] {
  const from = objects.findIndex((object) => keyOf(object) > start);
  return from === -1 ? [] : objects.slice(from);
}

/** Built-in kinds stand in lists without their type. */
function withoutType(object: KubeObject): Record<string, unknown> {
  const { kind: _, apiVersion: __, ...rest } = object;
  return rest;
}

function expired(token: Token): ApiError {
  return new ApiError({
    code: 410,
    reason: 'Expired',
    message:
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    continueWith: encodeToken({ rv: -1, start: token.start }),
  });
}

/** @throws ApiError 504 where the list is to be of a moment that has not come, 400 where it is of none */
function checkReached(query: URLSearchParams, current: number): void {
  const wanted = Number(query.get('resourceVersion') ?? 0);
  if (Number.isNaN(wanted)) throw badRequest('invalid resource version');
  if (wanted > current) throw notYetReached(wanted, current);
}
