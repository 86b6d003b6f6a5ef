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
  | {
      readonly revision: number;
      readonly removed: { readonly kind: string; readonly key: string };
    };

/** A journal may hold this many lines beyond what the live objects need before it is written anew. */
const slack = 50_000;

/**
 * An append-only log of changes, one JSON line each. Written synchronously, so that what was answered was stored: it
 * survives a kill -9 of the process (not a power cut: nothing is synced to the disk).
 */
export class Journal {
  readonly #path: string;
  #file: number;
  #lines = 0;

  private constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'a');
  }

  /** Opens the journal, and reads what it holds. */
  static open(path: string): { journal: Journal; entries: JournalEntry[] } {
    mkdirSync(dirname(path), { recursive: true });
    const entries = existsSync(path) ? readEntries(readFileSync(path, 'utf8')) : [];
    return { journal: new Journal(path), entries };
  }

  append(entry: JournalEntry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    this.#lines += 1;
  }

  get wordy(): boolean {
    return this.#lines > slack;
  }

  /** Replaces the log by the objects that are there now; atomic, through a rename. */
  compact(revision: number, objects: Iterable<KubeObject>): void {
    const next = `${this.#path}.next`;
    const file = openSync(next, 'w');
    writeSync(file, `${JSON.stringify({ revision, start: true })}\n`);
    for (const put of objects) {
      writeSync(
        file,
        `${JSON.stringify({ revision: Number(put.metadata.resourceVersion), put })}\n`,
      );
    }
    closeSync(file);
    renameSync(next, this.#path);
    closeSync(this.#file);
    this.#file = openSync(this.#path, 'a');
    this.#lines = 0;
  }

  close(): void {
    closeSync(this.#file);
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

/** A torn line, the last before a kill, counts as never written. */
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
