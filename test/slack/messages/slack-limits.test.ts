import { describe, expect, it } from 'vitest';
import {
  blocksLength,
  findBlockFaults,
} from '../../../src/demo/workspace/blocks/find-block-faults.ts';
import { buttons, render } from '../rendered.ts';
import { states } from '../sample-states.ts';

describe.each(Object.entries(states))('the messages of a run: %s', (_name, state) => {
  it('is what Slack takes', () => {
    for (const wanted of render(state)) {
      expect(findBlockFaults('message', wanted.blocks)).toEqual([]);
      expect(blocksLength(wanted.blocks)).toBeLessThan(13_200);
      expect(wanted.blocks.length).toBeLessThanOrEqual(50);
      expect(wanted.text.length).toBeGreaterThan(20);
      expect(wanted.text.length).toBeLessThanOrEqual(4000);
    }
  });

  it('names every message once, replies after what they reply to', () => {
    const keys = render(state).map((wanted) => wanted.key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const [index, wanted] of render(state).entries()) {
      if (wanted.threadKey) expect(keys.indexOf(wanted.threadKey)).toBeLessThan(index);
      if (wanted.threadKey) expect(keys).toContain(wanted.threadKey);
    }
  });

  it('shows a label for every button to screen readers', () => {
    for (const button of render(state).flatMap(buttons)) {
      expect(button.accessibility_label).toContain(state.runbook);
    }
  });
});
