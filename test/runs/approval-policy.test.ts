import { describe, expect, it } from 'vitest';
import { inEnglish } from '../../src/language/translate.ts';
import { type ApprovalRule, policyFor, refusal } from '../../src/runs/approval-policy.ts';
import type { Approval, Run } from '../../src/runs/run.ts';
import type { Decider } from '../../src/runs/runs.ts';

const rule: ApprovalRule = {
  runbook: '*',
  cluster: '*',
  risk: 'destructive',
  groups: ['S0SRE'],
  users: ['U0CTO'],
  quorum: 1,
  selfApproval: false,
  expiresAfterMs: 60_000,
};
const run = { runbook: 'node-unstable', cluster: 'kr' };

describe('the policy for a plan', () => {
  const cases = [
    { what: 'a read', risk: 'read', always: false, needs: false },
    {
      what: 'a reversible change without a rule for it',
      risk: 'reversible',
      always: false,
      needs: false,
    },
    {
      what: 'a reversible change whose step always asks',
      risk: 'reversible',
      always: true,
      needs: true,
    },
    { what: 'a destructive change', risk: 'destructive', always: false, needs: true },
  ] as const;

  it.each(cases)('$what: approval needed = $needs', ({ risk, always, needs }) => {
    expect(policyFor([rule], run, { plan: { risk }, always }) !== undefined).toBe(needs);
  });

  it('is that of the first rule that matches runbook and cluster', () => {
    const strict = { ...rule, cluster: 'kr', quorum: 2 };

    expect(
      policyFor([strict, rule], run, { plan: { risk: 'destructive' }, always: false })?.quorum,
    ).toBe(2);
    expect(
      policyFor(
        [strict, rule],
        { ...run, cluster: 'jp' },
        { plan: { risk: 'destructive' }, always: false },
      )?.quorum,
    ).toBe(1);
  });

  it('refuses a destructive plan that nobody could approve', () => {
    expect(() => policyFor([], run, { plan: { risk: 'destructive' }, always: false })).toThrow(
      'Nobody may approve node-unstable in kr',
    );
  });
});

describe('who may decide', () => {
  const requester = { kind: 'slack', id: 'U0MINA', name: 'Mina Park' } as const;
  const asked = { ...run, requester } as Run;
  const approval = { gate: 1, policy: rule } as unknown as Approval;
  const jun: Decider = { kind: 'slack', id: 'U0JUN', name: 'Jun Seo', groups: ['S0SRE'] };
  const decision = (by: Decider, verdict: 'approve' | 'reject' = 'approve') => ({
    runId: 'r-1',
    gate: 1,
    verdict,
    by,
  });

  const cases: { who: string; by: Decider; verdict?: 'reject'; why?: string }[] = [
    { who: 'a member of the group', by: jun },
    { who: 'a user named in the rule', by: { ...jun, id: 'U0CTO', groups: [] } },
    {
      who: 'a stranger to the group',
      by: { ...jun, groups: ['S0DEV'] },
      why: 'not among the approvers',
    },
    {
      who: 'a guest in the group',
      by: { ...jun, ineligible: 'guests cannot decide' },
      why: 'guests cannot decide',
    },
    { who: 'the requester', by: { ...jun, ...requester }, why: 'somebody else must approve' },
    {
      who: 'the requester who rejects',
      by: { ...jun, ...requester },
      verdict: 'reject',
      why: 'press Stop',
    },
  ];

  it.each(cases)('$who', ({ by, verdict, why }) => {
    const refused = refusal(asked, approval, decision(by, verdict));

    if (why === undefined) expect(refused).toBeUndefined();
    else expect(inEnglish(refused ?? '')).toContain(why);
  });

  it('lets the requester approve where the rule says so', () => {
    const lenient = { ...approval, policy: { ...rule, selfApproval: true } };

    expect(refusal(asked, lenient, decision({ ...jun, ...requester }))).toBeUndefined();
  });
});
