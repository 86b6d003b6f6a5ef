import type { Settings } from '../config.ts';
import { RunbookError } from '../errors.ts';
import { resolveInputs, targetOf } from '../runbooks/inputs.ts';
import type { RunbookCatalogue } from '../runbooks/runbook.ts';
import type { RunToPlan } from '../runs/plan-run.ts';

export interface RequestArguments {
  readonly runbook: string;
  /** `key=value`, or a bare value for the runbook's target. */
  readonly inputs: readonly string[];
  readonly cluster?: string;
  readonly accept?: readonly string[];
}

export type CheckedRequest = Omit<RunToPlan, 'id'> & {
  readonly texts: Readonly<Record<string, string>>;
};

/** Reads what was typed after `plan` or `run`. @throws InputError, UnknownRunbookError, RunbookError (`cluster_missing`) */
export function readRequest(
  catalogue: RunbookCatalogue,
  settings: Settings,
  { runbook: name, inputs, cluster, accept = [] }: RequestArguments,
): CheckedRequest {
  const runbook = catalogue.get(name);
  const texts = Object.fromEntries(
    inputs.map((text) => {
      const at = text.indexOf('=');
      return at < 0 ? [runbook.target, text] : [text.slice(0, at), text.slice(at + 1)];
    }),
  );
  const resolved = resolveInputs(runbook, texts);
  return {
    runbook: name,
    cluster: cluster ?? onlyCluster(settings),
    target: targetOf(runbook, resolved),
    inputs: resolved,
    accepted: accept,
    texts,
  };
}

function onlyCluster({ clusters }: Settings): string {
  const [only, second] = clusters;
  if (only !== undefined && second === undefined) return only.name;
  throw new RunbookError(
    'cluster_missing',
    `Say which cluster with --cluster: ${clusters.map(({ name }) => name).join(', ')}.`,
  );
}
