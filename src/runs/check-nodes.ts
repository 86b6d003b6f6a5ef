import { nodeNotFound } from '../actions/node/node-state.ts';
import type { JsonObject } from '../json.ts';
import { isKubernetesError } from '../kubernetes/kubernetes.ts';
import { Node } from '../kubernetes/resources/node.ts';
import { sentences, type Text } from '../language/text.ts';
import { InputError, type InputProblem } from '../runbooks/inputs.ts';
import type { Runbook } from '../runbooks/runbook.ts';
import type { KnownCluster } from './run-environment.ts';

/**
 * A node that is not there is a slip of the keys: said to who typed it, before there is a run that others would read of.
 * @throws InputError (`input_invalid`)
 */
export async function checkNodes(
  { client }: KnownCluster,
  runbook: Runbook,
  inputs: JsonObject,
): Promise<void> {
  const problems: InputProblem[] = [];
  for (const { name, type } of runbook.inputs) {
    const node = inputs[name];
    if (type !== 'node' || typeof node !== 'string') continue;
    const message = await nodeProblem(client, node);
    if (message !== undefined) problems.push({ input: name, message });
  }
  if (problems.length > 0) throw new InputError(runbook.name, problems);
}

/** Nothing where the cluster does not answer: then the plan says so, in its thread. */
async function nodeProblem(
  cluster: KnownCluster['client'],
  name: string,
): Promise<Text | undefined> {
  try {
    if ((await cluster.find(Node, { name })) !== undefined) return undefined;
    const { text, wayOut } = await nodeNotFound(cluster, name);
    return sentences([text, wayOut]);
  } catch (error) {
    if (isKubernetesError(error)) return undefined;
    throw error;
  }
}
