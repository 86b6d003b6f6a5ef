import { describe, expect, it } from 'vitest';
import { renderRun } from '../../../src/slack/messages/render-run.ts';
import { CHANNEL } from '../sample-runs.ts';
import { states } from '../sample-states.ts';

describe('before the other posts of a channel', () => {
  it.each(Object.entries(states))(
    'go the root, the plan and the cards of a run %s',
    (_state, run) => {
      const messages = renderRun(run, { channel: CHANNEL, language: 'en', approvers: new Map() });
      const first = messages.filter((message) => message.first === true).map(({ key }) => key);

      const cards = run.approvals.map(({ gate }) => `run/${run.id}/approval/${gate}`);
      const plan = messages.filter(({ key }) => key === `run/${run.id}/plan`).map(({ key }) => key);
      expect(first).toEqual([`run/${run.id}/root`, ...plan, ...cards]);
    },
  );
});
