import type { Action } from './action.ts';
import { httpGate } from './gate/http.ts';
import { prometheusGate } from './gate/prometheus.ts';
import { assessNode } from './node/assess.ts';
import { cordonNode } from './node/cordon.ts';
import { drainNode } from './node/drain.ts';
import { replaceNode } from './node/replace.ts';
import { verifyNode } from './node/verify.ts';

const actions: readonly Action[] = [
  assessNode,
  cordonNode,
  drainNode,
  replaceNode,
  verifyNode,
  httpGate,
  prometheusGate,
];

/** Everything that a runbook's `uses:` can name. */
export const allActions: ReadonlyMap<string, Action> = new Map(
  actions.map((action) => [action.name, action]),
);
