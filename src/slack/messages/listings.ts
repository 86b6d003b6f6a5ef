import type { Text } from '../../language/text.ts';
import { inEnglish } from '../../language/translate.ts';
import type { InputDefinition, Runbook } from '../../runbooks/runbook.ts';
import type { RunLine } from '../../runs/runs.ts';
import type { ShownRun } from '../../runs/shown-run.ts';
import { context, fallbackText, fitMessage, listSections, pages } from './blocks.ts';
import { bold, code, escaped, line, moment, personName } from './mrkdwn.ts';
import { findingBlocks, planSummaryBlocks } from './plan-message.ts';
import type { PrivateAnswer } from './private-answer.ts';
import { rootBlocks, whereItStands } from './root-message.ts';
import { runName } from './run-words.ts';
import { runFace } from './status-words.ts';

function listAnswer(heading: string, lines: readonly string[]): PrivateAnswer {
  return {
    text: fallbackText([heading, ...lines]),
    blocks: fitMessage(listSections(heading, lines), [], () => context('…and more')),
  };
}

export function runbookList(runbooks: readonly Runbook[]): PrivateAnswer {
  if (runbooks.length === 0) {
    return { text: 'There are no runbooks yet: add YAML files to the `runbooks` directory.' };
  }
  return listAnswer(
    '*Runbooks* · `/runbook` alone lets you choose one',
    runbooks.map((each) => `• ${code(usage(each))}: ${line(inEnglish(each.title))}`),
  );
}

function usage({ name, target }: Runbook): string {
  return `/runbook ${name} ${target.toUpperCase()}`;
}

/** What there is to know before one types a runbook's command. */
export function runbookHelp(runbook: Runbook): PrivateAnswer {
  return listAnswer(
    `${bold(inEnglish(runbook.title))}\n${line(inEnglish(runbook.description), 1500)}`,
    [
      `Type ${code(`${usage(runbook)} [key=value…] [--cluster NAME] [--dry-run]`)}`,
      ...runbook.inputs.map(inputLine),
      '`--dry-run` shows the plan and changes nothing.',
    ],
  );
}

function inputLine(input: InputDefinition): string {
  const need = input.required ? 'needed' : 'may be left out';
  const preset = input.default === undefined ? '' : `, else ${code(String(input.default))}`;
  const choices = input.choices.length > 0 ? `: ${line(input.choices.join(', '))}` : '';
  const about = input.description ? ` · ${line(inEnglish(input.description))}` : '';
  return `• ${code(input.name)} (${input.type}${choices}; ${need}${preset}) ${line(inEnglish(input.title))}${about}`;
}

export function generalHelp(): PrivateAnswer {
  return {
    text: [
      '*Handrail runs runbooks on Kubernetes clusters.* It shows a plan, asks the right people, and tells how it goes in a thread.',
      '• `/runbook` lets you choose a runbook',
      '• `/runbook RUNBOOK TARGET [key=value…] [--cluster NAME] [--dry-run]` asks for a run',
      '• `/runbook list` shows the runbooks, `/runbook help RUNBOOK` explains one',
      '• `/runbook status [RUN]` shows what is under way, `/runbook cancel RUN` stops it',
      '• `/runbook history [TARGET]` shows past runs, `/runbook audit` checks the audit log',
      'In a thread, mention Handrail instead: slash commands do not work there.',
    ].join('\n'),
  };
}

export function runList(heading: string, runs: readonly RunLine[], none: string): PrivateAnswer {
  if (runs.length === 0) return { text: escaped(none) };
  return listAnswer(`*${escaped(heading)}*`, runs.map(runListLine));
}

export function runListLine(run: RunLine): string {
  const { sign, words } = runFace(run.status);
  const by = personName(inEnglish, run.requester);
  return `• ${code(run.id)} ${bold(runName(run))} in ${line(run.cluster)} · ${sign} ${inEnglish(words)} · ${by}, ${moment(run.createdAt)}`;
}

/** A run with its whole plan, in as many answers as that takes. */
export function statusAnswers(run: ShownRun, most: number): PrivateAnswer[] {
  const plan = run.plan
    ? [...planSummaryBlocks(inEnglish, run, run.plan), ...findingBlocks(inEnglish, run.plan)]
    : [];
  const all = pages([...rootBlocks(inEnglish, run), ...plan], 200, 1);
  const text = whereItStands(inEnglish, run);
  const shown = all.slice(0, most).map((blocks) => ({ text, blocks }));
  if (all.length <= most) return shown;
  return [...shown.slice(0, -1), { text: `${text}\nThe rest: \`handrail show ${run.id}\`` }];
}

export function auditAnswer(verified: {
  readonly entries: number;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly faults: readonly { readonly seq: number; readonly problem: Text }[];
}): PrivateAnswer {
  const { entries, head, faults } = verified;
  if (faults.length === 0) {
    return { text: `✅ The audit log is whole: ${entries} entries, head ${code(head.hash)}.` };
  }
  return {
    text: [
      '❌ The audit log is *not* whole:',
      ...faults
        .slice(0, 10)
        .map((fault) => `• entry ${fault.seq}: ${line(inEnglish(fault.problem))}`),
    ].join('\n'),
  };
}
