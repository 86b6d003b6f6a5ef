import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../../json.ts';
import {
  blocksLength,
  findBlockFaults,
  MAX_BLOCKS_CHARACTERS,
  type Surface,
} from '../blocks/find-block-faults.ts';
import type { Block } from '../model.ts';
import { SlackApiError } from './api-error.ts';

/**
 * The `blocks` of a call, checked as Slack checks them and with the ids that Slack adds.
 * @throws SlackApiError `invalid_blocks_format`, `invalid_blocks`, `msg_blocks_too_long`
 */
export function readBlocks(surface: Surface, raw: unknown): Block[] | undefined {
  if (raw === undefined || raw === '') return undefined;
  const blocks = typeof raw === 'string' ? parse(raw) : raw;
  if (!Array.isArray(blocks)) throw new SlackApiError('invalid_blocks_format');
  const faults = findBlockFaults(surface, blocks);
  if (faults.length > 0) {
    const messages = faults.map((fault) => `[ERROR] ${fault}`);
    throw new SlackApiError('invalid_blocks', { messages });
  }
  if (surface === 'message' && blocksLength(blocks) > MAX_BLOCKS_CHARACTERS) {
    throw new SlackApiError('msg_blocks_too_long');
  }
  return (blocks as JsonObject[]).map(withIds);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SlackApiError('invalid_blocks_format', { cause });
  }
}

/** Slack gives each block and each interactive element without an id a random one. */
function withIds(block: JsonObject): Block {
  const { elements, accessory, element, child_blocks: children } = block;
  return {
    block_id: shortId(),
    ...block,
    ...(block['type'] === 'actions' && Array.isArray(elements)
      ? { elements: elements.map(withActionId) }
      : {}),
    ...(accessory === undefined ? {} : { accessory: withActionId(accessory as JsonObject) }),
    ...(element === undefined ? {} : { element: withActionId(element as JsonObject) }),
    ...(Array.isArray(children) ? { child_blocks: children.map(withIds) } : {}),
  };
}

function withActionId(element: JsonObject): JsonObject {
  return element['type'] === 'image' ? element : { action_id: shortId(), ...element };
}

function shortId(): string {
  return randomBytes(4).toString('base64url');
}
