import { z } from 'zod';
import type { ApiCall } from '../../src/demo/workspace/model.ts';
import type { Workspace } from '../../src/demo/workspace/workspace.ts';

/** Errors with which Slack refuses a content, as the simulated workspace finds them: see blocks/find-block-faults.ts. */
const REFUSED = new Set([
  'invalid_arguments',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_metadata_format',
  'metadata_too_large',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
  'view_too_large',
]);
const TEXT_ADVISED = 4000;
/** Calls whose text is all that a notification and a screen reader get. */
const WITH_TEXT = ['chat.postMessage', 'chat.update', 'chat.postEphemeral'];

const Args = z.object({
  text: z.string().optional(),
  blocks: z.string().optional(),
  view: z.string().optional(),
});

/**
 * Looks at everything that was sent to Slack in a test, whatever the test was about.
 * @throws Error with each content that Slack refused, or that tells less to an ear than to an eye
 */
export function checkMessages({ calls }: Pick<Workspace, 'calls'>): void {
  const faults = [...new Set(calls.flatMap(faultsOf))];
  if (faults.length > 0)
    throw new Error(`what was sent to Slack is not right:\n${faults.join('\n')}`);
}

function faultsOf({ method, args, error }: ApiCall): string[] {
  if (error !== undefined && REFUSED.has(error)) {
    return [`${method}: ${error}: ${JSON.stringify(args).slice(0, 600)}`];
  }
  const { text = '', blocks = '[]', view = '{}' } = Args.safeParse(args).data ?? {};
  const content: unknown[] = [JSON.parse(blocks), JSON.parse(view)];
  return [
    ...(WITH_TEXT.includes(method) ? textFaults(text) : []),
    ...content.flatMap(partFaults),
  ].map((fault) => `${method}: ${fault}`);
}

function textFaults(text: string): string[] {
  const start = text.slice(0, 200);
  return [
    ...(/\p{L}/u.test(text) ? [] : [`its text has no word: ${start}`]),
    ...(text.length > TEXT_ADVISED ? [`its text has ${text.length} characters: ${start}`] : []),
    ...(/<!(channel|here|everyone)/.test(text) ? [`its text calls everybody: ${start}`] : []),
  ];
}

/** Of an element anywhere in a content: a button without words for a screen reader, a line of signs alone. */
function partFaults(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(partFaults);
  if (typeof part !== 'object' || part === null) return [];
  const { type, text, accessibility_label: label } = part as Record<string, unknown>;
  const shown = JSON.stringify(part).slice(0, 300);
  const isMute = type === 'button' && (typeof label !== 'string' || label === '');
  const isWords = type === 'mrkdwn' || type === 'plain_text';
  return [
    ...(isMute ? [`a button without an accessibility_label: ${shown}`] : []),
    ...(isWords && !/\p{L}/u.test(String(text)) ? [`signs without a word: ${shown}`] : []),
    ...Object.values(part).flatMap(partFaults),
  ];
}
