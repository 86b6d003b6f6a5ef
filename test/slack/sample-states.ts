import type { ShownRun } from '../../src/runs/shown-run.ts';
import {
  AT,
  approval,
  awaiting,
  blocked,
  evict,
  failed,
  jun,
  plan,
  run,
  running,
  succeeded,
} from './sample-runs.ts';

export const reapproval: ShownRun = {
  ...awaiting,
  approvals: [
    approval({ status: 'approved', decidedBy: jun, decidedAt: AT, digest: 'digest-0' }),
    approval({
      gate: 2,
      difference: { added: [evict('api-new')], removed: [evict('api-old')] },
    }),
  ],
};
export const rejected: ShownRun = {
  ...awaiting,
  status: 'rejected',
  approvals: [
    approval({ status: 'rejected', decidedBy: jun, decidedAt: AT, reason: 'payments releases' }),
  ],
  outcome: { summary: 'Rejected by Jun Seo.', undone: [], left: [] },
};
export const expired: ShownRun = {
  ...awaiting,
  status: 'expired',
  approvals: [approval({ status: 'expired', decidedAt: AT })],
  outcome: { summary: 'Nobody decided in time.', undone: [], left: [] },
};
export const dryRun = run({ status: 'planned', dryRun: true, plan: plan(13) });
export const hostile = run({
  ...awaiting,
  target: '<!channel> & `x` *y*',
  plan: plan(2, { headline: '<@U0EVIL> <https://evil.example|click> & more' }),
});
/** One run in each state that its messages know. */
export const states: Record<string, ShownRun> = {
  planning: run(),
  blocked,
  'awaiting approval': awaiting,
  'approved again': reapproval,
  running,
  succeeded,
  failed,
  cancelled: { ...failed, status: 'cancelled', stopRequestedBy: jun },
  undoing: { ...running, status: 'undoing' },
  rejected,
  expired,
  'nothing to do': { ...succeeded, status: 'nothing_to_do' },
  'dry run': dryRun,
  '200 pods': { ...awaiting, plan: plan(200) },
  '2,000 pods waiting': { ...awaiting, plan: withEveryPodWaiting(2000) },
  'hostile names': hostile,
};

function withEveryPodWaiting(pods: number) {
  const made = plan(pods);
  return {
    ...made,
    warnings: Array.from({ length: 60 }, () => ({ code: 'w', text: 'warning '.repeat(60) })),
  };
}
