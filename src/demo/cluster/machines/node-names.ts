import { Machine as MachineKind, Node as NodeKind } from '../model/kinds.ts';
import type { Store } from '../storage/store.ts';

/** The next free number after a prefix, counting every node and machine that has it: no name returns at once. */
export function nextNumber(store: Store, prefix: string): number {
  const nodes = store.list(NodeKind).map((node) => node.metadata.name);
  const machines = store.list(MachineKind).map((machine) => machine.metadata.name);
  let highest = 0;
  for (const name of [...nodes, ...machines]) {
    const number = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : 0;
    if (number > highest) highest = number;
  }
  return highest + 1;
}
