import type { Text } from '../language/text.ts';

/** What somebody asked for, as far as its text says. */
export type Command =
  | { readonly kind: 'pick'; readonly cluster?: string }
  | RunCommand
  | { readonly kind: 'list' }
  | { readonly kind: 'status'; readonly run?: string }
  | { readonly kind: 'cancel'; readonly run: string }
  | { readonly kind: 'history'; readonly target?: string }
  | { readonly kind: 'audit' }
  | { readonly kind: 'help'; readonly runbook?: string };

export interface RunCommand {
  readonly kind: 'run';
  readonly runbook: string;
  /** By the runbook's own input names; the values are checked by resolveInputs. */
  readonly inputs: Readonly<Record<string, string>>;
  /** As given by --cluster; without it the channel says which. */
  readonly cluster?: string;
  readonly dryRun: boolean;
  /** Named exceptions: accept=name,name */
  readonly accepted: readonly string[];
}

/** A command that cannot be carried out as written, for the person who wrote it. */
export interface CommandMistake {
  readonly kind: 'mistake';
  readonly text: Text;
  /** Whole commands that were perhaps meant, without `/runbook`. */
  readonly suggestions: readonly string[];
}

export function mistake(text: Text, ...suggestions: readonly string[]): CommandMistake {
  return { kind: 'mistake', text, suggestions: [...new Set(suggestions)] };
}
