import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { errorCode, errorMessage } from './errors.ts';

/** Ours have some kB: what is larger was named by mistake. */
const LARGEST_FILE_BYTES = 1024 * 1024;

export type ReadText =
  | { readonly text: string }
  | {
      readonly problem: string;
      readonly cause?: unknown;
      /** Counted from 1. */
      readonly line: number;
      readonly column: number;
    };

/** A text file of ours, or why it is none: with the place where it ceases to be text. Does not wait for pipes. */
export function readText(file: string): ReadText {
  const bytes = readBytes(file);
  if (!Buffer.isBuffer(bytes)) return { ...bytes, line: 1, column: 1 };
  const text = new TextDecoder().decode(bytes);
  if (isUtf8(bytes)) return { text };
  const [last = '', ...before] = text.slice(0, text.indexOf('\uFFFD')).split('\n').toReversed();
  const problem = 'what stands here is not UTF-8: save the file as UTF-8';
  return { problem, line: before.length + 1, column: last.length + 1 };
}

function readBytes(file: string): Buffer | { problem: string; cause?: unknown } {
  try {
    const found = statSync(file);
    if (found.isDirectory()) return { problem: 'is a directory, not a file: rename or remove it' };
    if (!found.isFile()) return { problem: 'is no ordinary file' };
    if (found.size > LARGEST_FILE_BYTES) {
      const megabytes = (found.size / LARGEST_FILE_BYTES).toFixed(1);
      return { problem: `has ${megabytes} MB, and at most 1 MB is read: is it the right file?` };
    }
    return readFileSync(file);
  } catch (cause) {
    return { problem: `cannot be read: ${why(cause)}`, cause };
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  ELOOP: 'it is a link that leads back to itself',
};

function why(cause: unknown): string {
  return WHY[errorCode(cause) ?? ''] ?? errorMessage(cause);
}
