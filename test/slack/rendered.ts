import type { Language } from '../../src/language/text.ts';
import type { Run } from '../../src/runs/run.ts';
import { renderRun } from '../../src/slack/messages/render-run.ts';
import type { WantedMessage } from '../../src/slack/messages/wanted-message.ts';
import { CHANNEL } from './sample-runs.ts';

export function render(state: Run, language: Language = 'en'): WantedMessage[] {
  const approvers = ['U0JUN', 'U0SORA'].map((user) => ({ user, language }));
  return renderRun(state, { channel: CHANNEL, language, approvers: new Map([[1, approvers]]) });
}

export function message(state: Run, key: string): WantedMessage {
  const found = render(state).find((each) => each.key === `run/r7k2/${key}`);
  if (!found) throw new Error(`no message ${key}`);
  return found;
}

export function readable(wanted: WantedMessage): string {
  return JSON.stringify(wanted.blocks);
}

export interface ShownButton {
  readonly action_id: string;
  readonly accessibility_label?: string;
}

export function buttons(wanted: WantedMessage): ShownButton[] {
  return wanted.blocks.flatMap((block) =>
    block.type === 'actions' ? (block.elements as unknown as ShownButton[]) : [],
  );
}

export function buttonIds(wanted: WantedMessage): string[] {
  return buttons(wanted).map((button) => button.action_id);
}
