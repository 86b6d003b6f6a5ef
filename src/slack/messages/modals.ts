import type { KnownBlock, ModalView } from '@slack/types';
import { inEnglish } from '../../language/translate.ts';
import type { ShownBlocker, ShownRun } from '../../runs/shown-run.ts';
import { context, plain, section } from './blocks.ts';
import { bold, code, line } from './mrkdwn.ts';
import { findingBlocks, planSummaryBlocks } from './plan-message.ts';
import { runName } from './run-words.ts';

/** Slack refuses a view with more. */
const MODAL_BLOCKS = 100;

/** Opened within the three seconds that a trigger lives, and filled when the content is known. */
export function loadingModal(title: string): ModalView {
  return modal(title, [section('Just a moment…')]);
}

export function messageModal(title: string, text: string): ModalView {
  return modal(title, [section(line(text, 2900))]);
}

/** The whole plan, line by line. */
export function detailsModal(run: ShownRun): ModalView {
  if (!run.plan) {
    return modal('Details', [section(`The plan of ${code(run.id)} is still being worked out.`)]);
  }
  const all = [
    ...planSummaryBlocks(inEnglish, run, run.plan),
    ...findingBlocks(inEnglish, run.plan),
  ];
  const shown = all.slice(0, MODAL_BLOCKS - 1);
  const left = all.length - shown.length;
  const more = left > 0 ? [context(`…and more: ${code(`/runbook status ${run.id}`)}`)] : [];
  return modal('Details', [...shown, ...more]);
}

/** What a modal must remember to go on after it is submitted. */
export interface ModalMemory {
  readonly runId: string;
  readonly gate?: number;
  /** Where the person is answered in private. */
  readonly channel?: string;
  readonly threadTs?: string;
}

export const REJECT_REASON = { blockId: 'reason', actionId: 'text' } as const;

export function rejectModal(memory: ModalMemory): ModalView {
  return {
    ...modal('Reject', [
      section('Nothing will be done, and what was prepared is taken back.'),
      {
        type: 'input',
        block_id: REJECT_REASON.blockId,
        label: plain('Why? It is shown in the thread and kept in the audit log.'),
        element: {
          type: 'plain_text_input',
          action_id: REJECT_REASON.actionId,
          multiline: true,
          max_length: 600,
          placeholder: plain('Such as: payments is in the middle of a release', 150),
        },
      },
    ]),
    callback_id: 'approval_reject',
    submit: plain('Reject', 24),
    private_metadata: JSON.stringify(memory),
  };
}

export const EXCEPTIONS_CHOSEN = { blockId: 'exceptions', actionId: 'names' } as const;
/** Slack shows at most this many checkboxes in one group. */
const CHECKBOXES = 10;

/** Names each exception with what it means, so that nobody accepts what they have not read. */
export function exceptionsModal(run: ShownRun, memory: ModalMemory): ModalView {
  const blockers = run.plan?.blockers ?? [];
  const decidable = blockers.filter((blocker) => blocker.exception !== undefined);
  const stuck = blockers.filter((blocker) => blocker.exception === undefined);
  return {
    ...modal('Decide exceptions', [
      section(
        `${bold(runName(run))} in ${line(run.cluster)} is blocked. Tick only what you want to happen; the plan is then made anew, and still needs its approval.`,
      ),
      ...decidable.slice(0, CHECKBOXES).map((each) => section(exceptionText(each))),
      ...(decidable.length > 0 ? [exceptionChoices(decidable.slice(0, CHECKBOXES))] : []),
      ...stuck.slice(0, 20).map((each) => section(stuckText(each))),
    ]),
    callback_id: 'exceptions_decide',
    submit: plain('Accept these', 24),
    private_metadata: JSON.stringify(memory),
  };
}

function exceptionChoices(blockers: readonly ShownBlocker[]): KnownBlock {
  return {
    type: 'input',
    block_id: EXCEPTIONS_CHOSEN.blockId,
    label: plain('I accept'),
    element: {
      type: 'checkboxes',
      action_id: EXCEPTIONS_CHOSEN.actionId,
      options: blockers.map((blocker) => ({
        text: plain(blocker.exception ?? '', 75),
        value: blocker.exception ?? '',
      })),
    },
  };
}

function exceptionText({ exception = '', text, wayOut }: ShownBlocker): string {
  return `⛔ ${bold(exception)}\n${line(text, 1200)}\n${line(wayOut, 800)}`;
}

function stuckText(blocker: ShownBlocker): string {
  return `⛔ ${line(blocker.text, 800)}\nCannot be accepted. Way out: ${line(blocker.wayOut, 800)}`;
}

function modal(title: string, blocks: KnownBlock[]): ModalView {
  return {
    type: 'modal',
    title: plain(title, 24),
    close: plain('Close', 24),
    blocks: blocks.slice(0, MODAL_BLOCKS),
  };
}
