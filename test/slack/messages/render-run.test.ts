import { describe, expect, it } from 'vitest';
import type { Run } from '../../../src/runs/run.ts';
import { buttonIds, message, readable, render } from '../rendered.ts';
import { AT, awaiting, blocked, failed, plan, running, succeeded } from '../sample-runs.ts';
import { dryRun, expired, hostile, reapproval, rejected } from '../sample-states.ts';

describe('what a person must be able to read', () => {
  it('says on the root how far the drain is and what it waits for', () => {
    const root = readable(message(running, 'root'));
    expect(root).toContain(
      '9 of 13 pods; payments/api-x waits for budget payments/api: needs 2, has 2',
    );
    expect(root).toContain('Running: step 2 of 2');
    expect(root).toContain('<@U0MINA>');
    expect(buttonIds(message(running, 'root'))).toContain('run_stop');
  });

  it('offers no stop once a run has ended', () => {
    expect(buttonIds(message(succeeded, 'root'))).not.toContain('run_stop');
  });

  it('counts fates in the plan, and lists those that need reading', () => {
    const shown = readable(message({ ...awaiting, plan: plan(200) }, 'plan'));
    expect(shown).toContain('4 wait · 196 leave now');
    expect(shown).toContain('`payments/api-49` waits: budget payments/api: needs 2, has 2');
    expect(shown).not.toContain('worker-1-7c9d8b6f5');
    expect(shown).toContain('Cannot be undone: evict 200 Pods');
    expect(shown).toContain('Taken back on failure: cordon Node kr-b-2');
    expect(shown).toContain('*ingestor* 3 → 0 → 3: down meanwhile');
  });

  it('puts what blocks first, with the way out, and lets exceptions be decided', () => {
    const shown = message(blocked, 'plan');
    expect(readable(shown)).toContain('Way out: Raise maxUnavailable to 1.');
    expect(readable(shown).indexOf('Blocked')).toBeLessThan(readable(shown).indexOf('Warnings'));
    expect(buttonIds(shown)).toContain('exceptions_decide');
  });

  it('says in a dry run that nothing will be changed', () => {
    expect(readable(message(dryRun, 'plan'))).toContain('Dry run: nothing will be changed');
    expect(render(dryRun).map((each) => each.key)).toEqual(['run/r7k2/root', 'run/r7k2/plan']);
  });

  it('asks approvers with target, consequences, deadline and way back', () => {
    const card = message(awaiting, 'approval/1');
    expect(card.broadcast).toBe(true);
    expect(card.text).toContain('node-unstable kr-b-2 in kr');
    expect(card.text).toContain('evict 13 Pods');
    expect(card.text).toContain('Cannot be undone: evict 13 Pods');
    expect(card.text).toContain(`<!date^${(AT + 1_800_000) / 1000}^`);
    expect(readable(card)).toContain('<!subteam^S0SRE>');
    expect(readable(card)).toContain('On kr-b-2 in kr: cordon Node kr-b-2, evict 13 Pods.');
    expect(buttonIds(card)).toEqual(['approval_approve', 'approval_reject', 'run_details']);
  });

  it('asks again with the difference only', () => {
    const card = readable(message(reapproval, 'approval/2'));
    expect(card).toContain('added: evict Pod `payments/api-new`');
    expect(card).toContain('gone: evict Pod `payments/api-old`');
    expect(card).not.toContain('evict 13 Pods · cannot');
  });

  it.each([
    ['rejected', rejected, 'Rejected by <@U0JUN>', 'payments releases'],
    ['expired', expired, 'Expired', 'nobody decided in time'],
    ['approved', running, 'Approved by <@U0JUN>', 'kr-b-2'],
  ])(
    'takes the buttons away when it is %s, and says who, when and why',
    (_case, state, ...words) => {
      const card = message(state, 'approval/1');
      expect(buttonIds(card)).toEqual([]);
      for (const word of words) expect(readable(card)).toContain(word);
      expect(readable(card)).toContain('<!date^');
    },
  );

  it('writes to each approver with a link to the card, until it is decided', () => {
    const asked = message(awaiting, 'dm/1/U0JUN');
    expect(asked.channel).toBe('U0JUN');
    expect(asked.text).toContain('needs your approval');
    expect(message(rejected, 'dm/1/U0JUN').text).toContain('no longer needs you');
    expect(asked.linksTo).toBe('run/r7k2/approval/1');
  });

  it('tells what failed, what was undone, what is left and what to do next', () => {
    const summary = message(failed, 'summary');
    for (const words of [
      'did not leave within 600 s',
      'kr-b-2 is uncordoned',
      '9 pods run elsewhere now',
      'Scale payments/api to 3',
    ]) {
      expect(readable(summary)).toContain(words);
    }
    expect(summary.text).toContain('Next: Scale payments/api to 3');
    expect(summary.broadcast).toBe(true);
  });

  it('tells who approved and how long each step took', () => {
    const summary = readable(message(succeeded, 'summary'));
    expect(summary).toContain('done in 4 min 12 s: 13 pods have left.');
    expect(summary).toContain('Approved by <@U0JUN>');
    expect(summary).toContain('took 5 min');
  });

  it('keeps earlier timeline messages as they are when events are added', () => {
    const later: Run = {
      ...running,
      timeline: [
        ...running.timeline,
        { seq: 5, key: 'x', at: AT + 70_000, level: 'error', text: 'lost', stepId: 'verify' },
      ],
    };
    const before = render(running).filter((each) => each.key.includes('/timeline/'));
    const after = render(later).filter((each) => each.key.includes('/timeline/'));
    expect(before.map((each) => each.key)).toEqual([
      'run/r7k2/timeline/1',
      'run/r7k2/timeline/2',
      'run/r7k2/timeline/3',
    ]);
    expect(after.slice(0, 3)).toEqual(before);
    expect(after.at(3)?.text).toContain('❌ Error:');
  });

  it('lets no foreign text become a mention, a link or markup', () => {
    for (const wanted of render(hostile)) {
      const shown = `${wanted.text} ${JSON.stringify(mrkdwnTexts(wanted.blocks))}`;
      expect(shown).not.toContain('<!channel>');
      expect(shown).not.toContain('<@U0EVIL>');
      expect(shown).not.toContain('<https://evil');
    }
  });
});

function mrkdwnTexts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnTexts);
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && value.type === 'mrkdwn' && 'text' in value) return [String(value.text)];
  return Object.values(value).flatMap(mrkdwnTexts);
}
