import type { HomeView, KnownBlock } from '@slack/types';
import { inEnglish } from '../../language/translate.ts';
import type { RunLine } from '../../runs/runs.ts';
import type { ShownRun } from '../../runs/shown-run.ts';
import { approvalOutcome } from './approval-words.ts';
import { actions, button, divider, header, listSections, section } from './blocks.ts';
import { runListLine } from './listings.ts';
import { bold, code, line, personName } from './mrkdwn.ts';
import { detailsButton } from './run-buttons.ts';
import { runName } from './run-words.ts';

const SHOWN = 10;

export interface HomeContent {
  /** Runs that wait for approval. */
  readonly waiting: readonly ShownRun[];
  readonly active: readonly RunLine[];
  readonly recent: readonly RunLine[];
  /** Addresses of approval cards, by run id, as far as they are known. */
  readonly cards: ReadonlyMap<string, string>;
}

export function homeView(content: HomeContent): HomeView {
  const { waiting, active, recent } = content;
  return {
    type: 'home',
    blocks: [
      header('Waiting for approval'),
      ...(waiting.length > 0
        ? waiting.slice(0, SHOWN).flatMap((run) => waitingBlocks(run, content.cards.get(run.id)))
        : [section('Nothing waits for approval.')]),
      divider(),
      header('Under way'),
      ...runLines(active, 'Nothing is under way.'),
      actions(
        button({
          actionId: 'picker_open',
          value: '{}',
          label: 'Run a runbook',
          spoken: 'Run a runbook: choose which',
          style: 'primary',
        }),
      ),
      divider(),
      header('Recent'),
      ...runLines(recent, 'There are no runs yet.'),
    ],
  };
}

function waitingBlocks(run: ShownRun, card: string | undefined): KnownBlock[] {
  const pending = run.approvals.find((approval) => approval.status === 'pending');
  const link = card ? `<${card}|Open the card>` : `the card is in the thread of ${code(run.id)}`;
  return [
    section(
      [
        bold(`${runName(run)} in ${run.cluster}`),
        run.plan ? line(run.plan.headline, 500) : '',
        `${pending ? approvalOutcome(inEnglish, pending) : ''} · asked for by ${personName(inEnglish, run.requester)} · ${link}`,
      ].join('\n'),
    ),
    { ...actions(detailsButton(inEnglish, run)), block_id: `home/${run.id}` },
  ];
}

function runLines(runs: readonly RunLine[], none: string): KnownBlock[] {
  return runs.length > 0
    ? listSections('', runs.slice(0, SHOWN).map(runListLine))
    : [section(none)];
}
