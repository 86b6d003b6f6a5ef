import { describe, expect, it } from 'vitest';
import {
  blocksLength,
  findBlockFaults,
} from '../../../src/demo/workspace/blocks/find-block-faults.ts';
import { LANGUAGES } from '../../../src/language/text.ts';
import { renderRun } from '../../../src/slack/messages/render-run.ts';
import { render } from '../rendered.ts';
import { awaiting, CHANNEL } from '../sample-runs.ts';
import { states } from '../sample-states.ts';

describe.each(LANGUAGES)('the messages of a run in %s', (language) => {
  it.each(Object.entries(states))('are what Slack takes: %s', (_name, state) => {
    for (const { blocks, text } of render(state, language)) {
      expect(findBlockFaults('message', blocks)).toEqual([]);
      expect(blocksLength(blocks)).toBeLessThan(13_200);
      expect(text.length).toBeLessThanOrEqual(4000);
    }
  });

  it('have labels and questions that fit', () => {
    const ours = Object.values(states).filter(({ target }) => !target.includes('<'));
    const labels = ours.flatMap((state) => shortTexts(render(state, language)));

    expect(labels.length).toBeGreaterThan(20);
    expect(labels.filter((label) => label.endsWith('…') && label.length > 10)).toEqual([]);
  });
});

describe('who reads what', () => {
  it('is the channel its own language, and each approver theirs', () => {
    const approvers = new Map([[1, [{ user: 'U0KENJI', language: 'ja' as const }]]]);
    const messages = renderRun(awaiting, { channel: CHANNEL, language: 'ko', approvers });
    const textOf = (channel: string) =>
      messages.filter((each) => each.channel === channel).map(({ text }) => text);

    expect(textOf(CHANNEL).join()).toContain('승인 대기 중');
    expect(textOf('U0KENJI').join()).toContain('承認が必要です');
    expect(textOf('U0KENJI').join()).not.toMatch(/needs your approval|승인/);
  });
});

/** What Slack cuts or refuses when it is long: labels of buttons, and what they ask before they act. */
function shortTexts(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(shortTexts);
  if (typeof part !== 'object' || part === null) return [];
  const own = Object.entries(part).flatMap(([key, value]) => {
    if (key === 'accessibility_label') return [String(value)];
    if (key !== 'confirm' || !('title' in value)) return [];
    const { title, text, confirm, deny } = value;
    return [title, text, confirm, deny].map((each) => each.text as string);
  });
  const isButton = 'type' in part && part.type === 'button' && 'text' in part;
  const label = isButton ? [(part.text as { text: string }).text] : [];
  return [...own, ...label, ...Object.values(part).flatMap(shortTexts)];
}
