import { NodeNotCordonedError } from './drain-errors.ts';
import type { DrainRun } from './drain-run.ts';

/** @throws NodeNotCordonedError (`node_not_cordoned`) */
export async function checkCordon({ view, input }: DrainRun): Promise<void> {
  const node = await view.node();
  if (node !== undefined && !node.spec.unschedulable) throw new NodeNotCordonedError(input.node);
}
