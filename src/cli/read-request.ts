import type { Settings } from '../config.ts';
import { RunbookError } from '../errors.ts';
import { resolveInputs, targetOf } from '../runbooks/inputs.ts';
import type { RunbookCatalogue } from '../runbooks/runbook.ts';
import type { RunToPlan } from '../runs/plan-run.ts';
import { parseRunWords } from '../triggers/run-words.ts';
import type { Token } from '../triggers/tokens.ts';

export interface RequestArguments {
  readonly runbook: string;
  /** `key=value`, or a bare value for the runbook's target. */
  readonly inputs: readonly string[];
  readonly cluster?: string;
  readonly accept?: readonly string[];
}

export type CheckedRequest = Omit<RunToPlan, 'id'> & {
  readonly texts: Readonly<Record<string, string>>;
  readonly dryRun: boolean;
};

/**
 * Reads what was typed after `plan` or `run`: the same words as after `/runbook`, which the shell has split already.
 * @throws InputError (`input_invalid`), UnknownRunbookError (`runbook_unknown`), RunbookError (`cluster_missing`)
 */
export function readRequest(
  catalogue: RunbookCatalogue,
  settings: Settings,
  { runbook: name, inputs, cluster, accept = [] }: RequestArguments,
): CheckedRequest {
  const runbook = catalogue.get(name);
  const words = parseRunWords(runbook, inputs.map(asToken));
  if (words.kind === 'mistake') throw new RunbookError('input_invalid', words.text);
  const texts = words.inputs;
  const resolved = resolveInputs(runbook, texts);
  return {
    runbook: name,
    cluster: cluster ?? words.cluster ?? onlyCluster(settings),
    target: targetOf(runbook, resolved),
    inputs: resolved,
    accepted: [...new Set([...accept, ...words.accepted])],
    texts,
    dryRun: words.dryRun,
  };
}

function asToken(text: string): Token {
  const [, key] = /^([\p{L}][\p{L}\p{N}_-]*)=/u.exec(text) ?? [];
  return key === undefined
    ? { text, value: text }
    : { text, key, value: text.slice(key.length + 1) };
}

function onlyCluster({ clusters }: Settings): string {
  const [only, second] = clusters;
  if (only !== undefined && second === undefined) return only.name;
  throw new RunbookError(
    'cluster_missing',
    `Say which cluster with --cluster: ${clusters.map(({ name }) => name).join(', ')}.`,
  );
}
