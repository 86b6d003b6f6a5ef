import type { JsonObject } from '../../../json.ts';
import type { Block } from '../model.ts';

export interface FoundElement {
  readonly blockId: string;
  readonly element: JsonObject;
}

/** The first interactive element with the action id, in the given block if one is named. */
export function findElement(
  blocks: readonly Block[],
  actionId: string,
  blockId?: string,
): FoundElement | undefined {
  for (const block of blocks) {
    const children = block['child_blocks'];
    const nested = Array.isArray(children)
      ? findElement(children as JsonObject[], actionId, blockId)
      : undefined;
    if (nested) return nested;
    if (blockId !== undefined && block['block_id'] !== blockId) continue;
    const element = elementsOf(block).find((candidate) => candidate['action_id'] === actionId);
    if (element) return { blockId: String(block['block_id']), element };
  }
  return undefined;
}

function elementsOf(block: Block): JsonObject[] {
  const { elements, actions, accessory, element } = block;
  const cards = block['type'] === 'carousel' ? ((elements ?? []) as JsonObject[]) : [];
  return [
    ...((elements ?? []) as JsonObject[]),
    ...((actions ?? []) as JsonObject[]),
    ...cards.flatMap((card) => (card['actions'] ?? []) as JsonObject[]),
    ...(accessory === undefined ? [] : [accessory as JsonObject]),
    ...(element === undefined ? [] : [element as JsonObject]),
  ];
}
