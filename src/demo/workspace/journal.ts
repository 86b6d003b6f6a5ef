import { type FileHandle, open, readFile, rename, truncate, writeFile } from 'node:fs/promises';

/**
 * JSON lines appended to a file. What `flushed` has waited for survives kill -9 of this process:
 * the bytes are with the operating system.
 */
export class Journal {
  readonly #file: FileHandle;
  #waiting: string[] = [];
  #writing: Promise<void> | undefined;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Opens the file for appending, or creates it. */
  static async open(path: string): Promise<Journal> {
    return new Journal(await open(path, 'a'));
  }

  append(record: unknown): void {
    this.#waiting.push(`${JSON.stringify(record)}\n`);
    this.#writing ??= this.#write();
    this.#writing.catch(() => undefined); // the failure is for those who wait in flushed()
  }

  /** Resolves when everything appended so far is written; rejects when the file cannot be written. */
  async flushed(): Promise<void> {
    await this.#writing;
  }

  async close(): Promise<void> {
    await this.flushed();
    await this.#file.close();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting.join('');
      this.#waiting = [];
      await this.#file.appendFile(lines);
    }
    this.#writing = undefined;
  }
}

/**
 * The records of a journal, in order; none when there is no file. A last line torn by a kill is cut off.
 * @throws Error naming the line when one in the middle cannot be read
 */
export async function readRecords(path: string): Promise<unknown[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole));
  return whole
    .split('\n')
    .slice(0, -1)
    .map((line, index) => parse(line, `${path}:${index + 1}`));
}

/** Puts other records in the place of all there are: at any moment the file holds the old or the new ones. */
export async function replaceRecords(path: string, records: readonly unknown[]): Promise<void> {
  const next = `${path}.next`;
  await writeFile(next, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  await rename(next, path);
}

function parse(line: string, at: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`${at} is no JSON; move the file away to start anew`, { cause });
  }
}
