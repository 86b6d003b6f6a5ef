import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  KnownBlock,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';
import { clip } from './mrkdwn.ts';

// Lengths in characters that Slack refuses to go beyond.
// https://docs.slack.dev/reference/block-kit/blocks
const HEADER_MAX = 150;
const SECTION_MAX = 3000;
const LABEL_MAX = 75;
/** chat.update refuses a longer `text`. */
const TEXT_MAX = 3900;
/** Undocumented: beyond about 13,200 characters of blocks a message is refused (slackapi/bolt-js#2509). */
const MESSAGE_CHARACTERS = 12_500;
const MESSAGE_BLOCKS = 50;

export function plain(text: string, max = SECTION_MAX): PlainTextElement {
  return { type: 'plain_text', text: clip(text, max), emoji: false };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, HEADER_MAX) };
}

/** `text` is mrkdwn whose foreign parts are escaped already. Cut between lines where it is too long. */
export function section(text: string): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: wholeLines(text, SECTION_MAX) } };
}

export function context(text: string): ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: wholeLines(text, 2000) }] };
}

export function divider(): DividerBlock {
  return { type: 'divider' };
}

/** What `text` of a message may hold. */
export function fallbackText(lines: readonly string[]): string {
  return wholeLines(lines.filter((part) => part !== '').join('\n'), TEXT_MAX);
}

export interface ButtonFace {
  readonly actionId: string;
  readonly value: string;
  readonly label: string;
  /** What a screen reader says: the verb and its target. */
  readonly spoken: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: ConfirmationDialog;
}

export function button(face: ButtonFace): Button {
  return {
    type: 'button',
    action_id: face.actionId,
    value: face.value,
    text: plain(face.label, LABEL_MAX),
    accessibility_label: clip(face.spoken, LABEL_MAX),
    ...(face.style && { style: face.style }),
    ...(face.confirm && { confirm: face.confirm }),
  };
}

export function actions(...buttons: readonly Button[]): ActionsBlock {
  return { type: 'actions', elements: [...buttons] };
}

export function confirmation(dialog: {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly no: string;
  readonly style?: 'primary' | 'danger';
}): ConfirmationDialog {
  return {
    title: plain(dialog.title, 100),
    text: plain(dialog.text, 300),
    confirm: plain(dialog.yes, 30),
    deny: plain(dialog.no, 30),
    ...(dialog.style && { style: dialog.style }),
  };
}

/** A heading and its lines, in as many sections as their length needs. */
export function listSections(heading: string, lines: readonly string[]): SectionBlock[] {
  const texts: string[] = [];
  let current = heading;
  for (const part of lines) {
    if (current.length + part.length + 1 > SECTION_MAX) {
      texts.push(current);
      current = part;
    } else {
      current = current === '' ? part : `${current}\n${part}`;
    }
  }
  return [...texts, current].filter((text) => text !== '').map(section);
}

/** As many blocks as one message holds; `cut` says what is left out, `tail` is always there. */
export function fitMessage(
  blocks: readonly KnownBlock[],
  tail: readonly KnownBlock[],
  cut: (left: number) => KnownBlock,
): KnownBlock[] {
  const [first = [], ...rest] = pages(blocks, JSON.stringify(tail).length + 400, tail.length + 1);
  const left = rest.flat().length;
  return left === 0 ? [...first, ...tail] : [...first, cut(left), ...tail];
}

/** Blocks spread over as many messages as they need. `spare` characters and blocks stay free in each. */
export function pages(blocks: readonly KnownBlock[], spare = 0, spareBlocks = 0): KnownBlock[][] {
  const all: KnownBlock[][] = [];
  let page: KnownBlock[] = [];
  let size = spare;
  for (const block of blocks) {
    const length = JSON.stringify(block).length + 1;
    const full = size + length > MESSAGE_CHARACTERS || page.length + spareBlocks >= MESSAGE_BLOCKS;
    if (full && page.length > 0) {
      all.push(page);
      page = [];
      size = spare;
    }
    page.push(block);
    size += length;
  }
  return page.length > 0 ? [...all, page] : all;
}

function wholeLines(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 2);
  const end = cut.lastIndexOf('\n');
  return end > 0 ? `${cut.slice(0, end)}\n…` : clip(text, max);
}
