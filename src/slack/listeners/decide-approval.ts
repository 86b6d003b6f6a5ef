import { inEnglish } from '../../language/translate.ts';
import type { DecisionResult } from '../../runs/runs.ts';
import { REJECT_REASON, rejectModal } from '../messages/modals.ts';
import { plainAnswer, unsureAboutGroups } from '../messages/private-answer.ts';
import { type Click, clickedRun, whereabouts } from './click.ts';
import type { ListenerParts } from './listener-parts.ts';
import { fieldTexts, fromJson, Memory, type SubmissionBody } from './payloads.ts';
import type { Tell } from './tell.ts';

export async function approve(parts: ListenerParts, click: Click): Promise<void> {
  const { runId, gate = 1 } = clickedRun(click);
  const { user, tell } = click;
  await decide(parts, { runId, gate, verdict: 'approve', user, tell });
}

/** Asks for the reason first: at once, as a trigger lives three seconds. */
export async function askForReason(parts: ListenerParts, click: Click): Promise<void> {
  const memory = { ...clickedRun(click), ...whereabouts(click) };
  await parts.client.views.open({ trigger_id: click.body.trigger_id, view: rejectModal(memory) });
}

export async function reject(
  parts: ListenerParts,
  body: SubmissionBody,
  tell: Tell,
): Promise<void> {
  const { runId, gate = 1 } = fromJson(Memory, body.view.private_metadata);
  const reason = fieldTexts(body, REJECT_REASON.blockId, REJECT_REASON.actionId).join(' ');
  await decide(parts, { runId, gate, verdict: 'reject', reason, user: body.user.id, tell });
}

interface Verdict {
  readonly runId: string;
  readonly gate: number;
  readonly verdict: 'approve' | 'reject';
  readonly reason?: string;
  readonly user: string;
  readonly tell: Tell;
}

/** Judged with what Slack says of the person now; the row of the gate decides who was first. */
async function decide(parts: ListenerParts, verdict: Verdict): Promise<void> {
  const { runId, gate, user, tell, ...rest } = verdict;
  const run = await parts.runs.get(runId);
  const approval = run.approvals.find((each) => each.gate === gate);
  const { decider, unread } = await parts.directory.lookUp(user, approval?.policy.groups ?? []);
  const result = await parts.runs.decide({
    runId,
    gate,
    verdict: rest.verdict,
    by: decider,
    ...(rest.reason && { reason: rest.reason }),
  });
  const text = decisionText(result);
  const unsure =
    result.status === 'refused' && decider.ineligible === undefined && unread.length > 0;
  if (unsure) await tell({ text: `${text}\n${unsureAboutGroups(unread)}` });
  else if (text !== '') await tell(plainAnswer(text));
}

/** What the person is told; nothing where the card itself shows it. */
function decisionText(result: DecisionResult): string {
  switch (result.status) {
    case 'decided':
      return '';
    case 'counted':
      return `Counted: ${result.have} of ${result.need} approvals.`;
    case 'refused':
    case 'too_late':
      return inEnglish(result.why);
  }
}
