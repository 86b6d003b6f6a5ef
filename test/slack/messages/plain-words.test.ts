import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/actions/action.ts';
import { inEnglish } from '../../../src/language/translate.ts';
import { exceptionsModal } from '../../../src/slack/messages/modals.ts';
import { verdictCounts } from '../../../src/slack/messages/plan-facts.ts';
import { message, readable } from '../rendered.ts';
import { awaiting, blocked, failed, running, succeeded } from '../sample-runs.ts';

describe('plain words, said once', () => {
  it('tells on the root until when approval stands, what comes without it, and what each step will do', () => {
    const root = readable(message(awaiting, 'root'));
    expect(root).toContain('Waiting for approval until <!date^');
    expect(root).toContain('without it nothing is done');
    expect(root).toContain('Drain the node: Evict 13 pods, one at a time. · to do');
  });

  it('names on the card the change and its way back once', () => {
    const card = readable(message(awaiting, 'approval/1'));
    expect(card.match(/evict 13 Pods/g)).toHaveLength(2); // the list, and the dialog that confirms it
    expect(card).not.toContain(awaiting.plan?.headline);
  });

  it('says which step begins while none is running', () => {
    const steps = running.steps.map((step) =>
      step.id === 'drain' ? { ...step, status: 'pending' as const } : step,
    );
    expect(readable(message({ ...running, steps }, 'root'))).toContain('step 2 of 2 begins');
  });

  it('lets the steps tell a success, and the sentence a failure', () => {
    expect(readable(message(succeeded, 'summary'))).not.toContain(succeeded.outcome?.summary);
    expect(readable(message(failed, 'summary'))).toContain(failed.outcome?.summary);
    const reason = 'payments/api-x did not leave within 600 s.';
    const outcome = { summary: `It failed: ${reason}`, undone: [], left: [] };
    const failure = { code: 'drain_timeout', message: reason };
    const summary = readable(message({ ...failed, outcome, failure }, 'summary'));
    expect(summary.split(reason)).toHaveLength(2);
  });

  it('calls a step that was asked to stop stopped, with how far it came, and what was never begun', () => {
    const error = { code: 'run_stopped', message: 'Stopped by Mina Park.' };
    const [cordon, drain] = failed.steps;
    const progress = { done: 3, total: 13, unit: 'pods' };
    const steps = [
      ...(cordon ? [cordon] : []),
      ...(drain ? [{ ...drain, error, progress }] : []),
      { id: 'verify', title: 'Verify', status: 'pending' as const, left: [] },
    ];
    const root = readable(message({ ...failed, status: 'cancelled', steps }, 'root'));
    expect(root).toContain('🛑 Step drain · stopped: after 3 of 13 pods');
    expect(root).toContain('⚪ Not begun: Verify');
  });

  it('shows whole what an exception means, above where it is ticked', () => {
    const { blocks } = exceptionsModal(blocked, { runId: 'r7k2' });
    const shown = JSON.stringify(blocks);
    for (const { text, wayOut } of blocked.plan?.blockers ?? []) {
      expect(shown).toContain(text);
      expect(shown).toContain(wayOut);
    }
  });

  it.each([
    [['waits', 'leaves now'], '1 waits · 1 leaves now'],
    [['waits', 'waits', 'needs a decision'], '1 needs a decision · 2 wait'],
    [['never'], '1 can never leave'],
    [[undefined], ''],
  ])('counts %j as people say it', (verdicts, counts) => {
    const lines = verdicts.map((verdict) => ({
      subject: 'a',
      ...(verdict && { verdict: verdict as Verdict }),
    }));
    expect(verdictCounts(inEnglish, { title: 'Pods', lines })).toBe(counts);
  });
});
