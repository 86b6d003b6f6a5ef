import type { AuditFacts } from '../audit/audit-entry.ts';
import type { Run } from './run.ts';

/** Those whose approval let the run go on, by name. */
export function approvers(run: Run): string[] {
  return [...new Set(approvingVotes(run).map((vote) => vote.by.name))];
}

/** The actor is Handrail itself where no person acts at that moment. */
export function auditWho(run: Run, actor = 'handrail'): AuditFacts['who'] {
  return {
    actor,
    requester: run.requester.id,
    approvedBy: [...new Set(approvingVotes(run).map((vote) => vote.by.id))],
  };
}

function approvingVotes(run: Run): Run['approvals'][number]['votes'] {
  return run.approvals.filter(({ status }) => status === 'approved').flatMap(({ votes }) => votes);
}
