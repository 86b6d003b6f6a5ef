import { type FileHandle, open, readFile } from 'node:fs/promises';

/**
 * JSON lines appended to a file. What `flushed` has waited for survives kill -9 of this process:
 * the bytes are with the operating system. A last line torn by a kill is cut off when the file is opened.
 */
export class Journal {
  readonly #file: FileHandle;
  #waiting: string[] = [];
  #writing: Promise<void> | undefined;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Opens or creates `path`; resolves with the journal and the records it holds, in order. */
  static async open(path: string): Promise<{ journal: Journal; records: unknown[] }> {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const records = whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line));
    const file = await open(path, 'a');
    if (whole.length < text.length) await file.truncate(Buffer.byteLength(whole));
    return { journal: new Journal(file), records };
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
