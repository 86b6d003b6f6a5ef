import { z } from 'zod';
import { type AnyBlock, anyBlock } from './blocks.ts';

export type Surface = 'message' | 'modal' | 'home';

/** Blocks that are refused somewhere; the rest may go anywhere. @see https://docs.slack.dev/reference/block-kit/blocks */
const ONLY_ON: Partial<Record<AnyBlock['type'], readonly Surface[]>> = {
  alert: ['modal'],
  card: ['message', 'home'],
  carousel: ['message', 'home'],
  context_actions: ['message'],
  data_table: ['message'],
  markdown: ['message'],
  plan: ['message'],
  table: ['message'],
  task_card: ['message'],
};
/** Elements of input blocks that only modals take. */
const MODAL_INPUTS = ['email_text_input', 'number_input', 'url_text_input'];
const MAX_BLOCKS: Record<Surface, number> = { message: 50, modal: 100, home: 100 };
const MAX_MARKDOWN_CHARACTERS = 12_000;

/**
 * Undocumented; measured by others at about 13,200 of all characters of the blocks.
 * @see https://github.com/slackapi/bolt-js/issues/2509
 */
export const MAX_BLOCKS_CHARACTERS = 13_200;

/** The size that `msg_blocks_too_long` is about, in characters. An estimate: Slack does not say how it counts. */
export function blocksLength(blocks: unknown): number {
  return JSON.stringify(blocks).length;
}

/**
 * What Slack would refuse the blocks for, one sentence each with where it is; empty when nothing.
 * The total length is not judged here (see `blocksLength`): Slack has another error for it.
 */
export function findBlockFaults(surface: Surface, blocks: unknown): string[] {
  const parsed = z.array(z.unknown()).safeParse(blocks);
  if (!parsed.success) return ['must be an array of blocks [json-pointer:/blocks]'];
  const faults = parsed.data.flatMap((block, index) => faultsOfBlock(surface, block, index));
  if (parsed.data.length > MAX_BLOCKS[surface]) {
    faults.push(`no more than ${MAX_BLOCKS[surface]} items allowed [json-pointer:/blocks]`);
  }
  const whole = parsed.data.flatMap((block) => anyBlock.safeParse(block).data ?? []);
  return [...faults, ...faultsTogether(whole)];
}

function faultsOfBlock(surface: Surface, block: unknown, index: number): string[] {
  const parsed = anyBlock.safeParse(block);
  if (!parsed.success) {
    return parsed.error.issues.map(
      (issue) => `${issue.message} [json-pointer:${['/blocks', index, ...issue.path].join('/')}]`,
    );
  }
  const at = `[json-pointer:/blocks/${index}]`;
  const allowed = ONLY_ON[parsed.data.type];
  const faults = duplicates(actionIds(parsed.data)).map((id) => `duplicate action_id ${id} ${at}`);
  if (allowed && !allowed.includes(surface)) {
    faults.push(`unsupported type: ${parsed.data.type} on the surface ${surface} ${at}`);
  }
  return [...faults, ...inputFaults(surface, parsed.data, at)];
}

function inputFaults(surface: Surface, block: AnyBlock, at: string): string[] {
  if (block.type !== 'input') return [];
  const { type } = block.element;
  if (surface !== 'modal' && MODAL_INPUTS.includes(type)) {
    return [`unsupported type: ${type} outside a modal ${at}`];
  }
  if (surface === 'home' && type === 'datetimepicker') {
    return [`unsupported type: ${type} on the surface home ${at}`];
  }
  return [];
}

/** Rules over all blocks: ids, the one plan, the one table, the length of all markdown. */
function faultsTogether(blocks: readonly AnyBlock[]): string[] {
  const ids = blocks.flatMap((block) => block.block_id ?? []);
  const faults = duplicates(ids).map(
    (id) => `block_id ${id} already exists [json-pointer:/blocks]`,
  );
  const plans = blocks.filter((block) => block.type === 'plan');
  if (plans.length > 1) faults.push('Cannot have more than 1 plan block [json-pointer:/blocks]');
  const tables = blocks.filter((block) => block.type === 'table' || block.type === 'data_table');
  if (tables.length > 1) faults.push('only one table allowed [json-pointer:/blocks]');
  const markdown = blocks.flatMap((block) => (block.type === 'markdown' ? block.text : []));
  if (markdown.join('').length > MAX_MARKDOWN_CHARACTERS) {
    faults.push(
      `no more than ${MAX_MARKDOWN_CHARACTERS} characters in all markdown [json-pointer:/blocks]`,
    );
  }
  return faults;
}

function actionIds(block: AnyBlock): string[] {
  if (block.type === 'actions') return block.elements.flatMap((element) => element.action_id ?? []);
  if (block.type === 'card') return (block.actions ?? []).flatMap((each) => each.action_id ?? []);
  return [];
}

function duplicates(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
