import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isRecord, type KubeObject } from '../model/objects.ts';

export type JournalEntry =
  | { readonly revision: number; readonly put: KubeObject }
  | { readonly revision: number; readonly removed: { readonly kind: string; readonly key: string } }
  /** Only says how far the revisions have come. */
  | { readonly revision: number };

/** A journal may hold this many lines beyond what the live objects need before it is written anew. */
const slack = 50_000;

/** What the file holds; nothing where there is none. A torn line, the last before a kill, counts as never written. */
export function readJournal(path: string): JournalEntry[] {
  return existsSync(path) ? readEntries(readFileSync(path, 'utf8')) : [];
}

/**
 * An append-only log of changes, one JSON line each. Written synchronously, so that what was answered was stored: it
 * survives a kill -9 of the process (not a power cut: nothing is synced to the disk).
 */
export class Journal {
  readonly #path: string;
  #file: number;
  #lines = 0;

  /** Begins with the objects that are there now, in place of what the file held. */
  constructor(path: string, revision: number, objects: Iterable<KubeObject>) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    this.#file = this.#writeAnew(revision, objects);
  }

  append(entry: JournalEntry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    this.#lines += 1;
  }

  get wordy(): boolean {
    return this.#lines > slack;
  }

  compact(revision: number, objects: Iterable<KubeObject>): void {
    closeSync(this.#file);
    this.#file = this.#writeAnew(revision, objects);
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Atomic, through a rename: the file is the old log or the new one, never half of it. */
  #writeAnew(revision: number, objects: Iterable<KubeObject>): number {
    const next = `${this.#path}.next`;
    const file = openSync(next, 'w');
    writeSync(file, `${JSON.stringify({ revision })}\n`);
    for (const put of objects) {
      const entry = { revision: Number(put.metadata.resourceVersion), put };
      writeSync(file, `${JSON.stringify(entry)}\n`);
    }
    renameSync(next, this.#path);
    this.#lines = 0;
    return file;
  }
}

function readEntries(text: string): JournalEntry[] {
  const lines = text.split('\n');
  const entries: JournalEntry[] = [];
  for (const line of lines) {
    const entry = parseLine(line);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

function parseLine(line: string): JournalEntry | undefined {
  if (line === '') return undefined;
  try {
    const entry: unknown = JSON.parse(line);
    return isRecord(entry) && typeof entry['revision'] === 'number'
      ? (entry as unknown as JournalEntry)
      : undefined;
  } catch {
    return undefined;
  }
}
