import type { Command } from 'commander';

/** What every command stands on. */
export interface CommandLine {
  readonly program: Command;
  print(text: string): void;
}
