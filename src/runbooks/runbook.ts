import { suggestion } from '../did-you-mean.ts';
import { RunbookError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { say, sentences, type Text } from '../language/text.ts';

export const INPUT_TYPES = [
  'node',
  'workload',
  'namespace',
  'image',
  'duration',
  'quantity',
  'boolean',
  'string',
  'choice',
] as const;
export type InputType = (typeof INPUT_TYPES)[number];

/** One thing a runbook asks for; drives the slash command, the picker and the command line alike. */
export interface InputDefinition {
  readonly name: string;
  readonly type: InputType;
  readonly title: Text;
  readonly description?: Text;
  readonly required: boolean;
  /** Already checked and in its canonical form. */
  readonly default?: Json;
  /** For `choice` alone. */
  readonly choices: readonly string[];
}

/** `policy`: asked for where the approval rules want it. `always`: asked for even so. `never`: not for this step. */
type StepApproval = 'policy' | 'always' | 'never';

/** One step, checked against its action and against all that its expressions may name. */
export interface RunbookStep {
  readonly id: string;
  readonly title: Text;
  readonly uses: string;
  /** As written: texts may hold expressions. */
  readonly with: JsonObject;
  /** A CEL expression, without its `${{ }}`. */
  readonly if?: string;
  readonly approval: StepApproval;
  readonly undo: boolean;
  readonly timeoutMs: number;
  readonly retry: { readonly attempts: number; readonly backoffMs: number };
  /** What its expressions may name: inputs, and outputs by earlier step. What is absent in a run is null there. */
  readonly inScope: {
    readonly inputs: readonly string[];
    readonly outputs: Readonly<Record<string, readonly string[]>>;
  };
}

/** A runbook as loaded: plain data, without the position of its parts in the file. */
export interface Runbook {
  readonly name: string;
  readonly title: Text;
  readonly description: Text;
  readonly inputs: readonly InputDefinition[];
  /** The name of the input that a run acts on. */
  readonly target: string;
  readonly steps: readonly RunbookStep[];
  /** Whether people may start it by a command. */
  readonly on: { readonly command: boolean };
}

class UnknownRunbookError extends RunbookError {
  constructor(name: string, names: readonly string[]) {
    const text = sentences([
      say('There is no runbook `{name}`.', { name }),
      suggestion(name, names),
    ]);
    super('runbook_unknown', text, { data: { name, names } });
  }
}

/** The runbooks of this installation, by name. */
export class RunbookCatalogue {
  readonly all: readonly Runbook[];
  readonly #byName: ReadonlyMap<string, Runbook>;

  constructor(runbooks: readonly Runbook[]) {
    this.all = runbooks.toSorted((a, b) => a.name.localeCompare(b.name));
    this.#byName = new Map(this.all.map((runbook) => [runbook.name, runbook]));
  }

  get names(): readonly string[] {
    return this.all.map(({ name }) => name);
  }

  find(name: string): Runbook | undefined {
    return this.#byName.get(name);
  }

  /** @throws UnknownRunbookError (`runbook_unknown`) */
  get(name: string): Runbook {
    const runbook = this.#byName.get(name);
    if (runbook === undefined) throw new UnknownRunbookError(name, this.names);
    return runbook;
  }
}
