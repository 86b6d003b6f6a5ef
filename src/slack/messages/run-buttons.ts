import type { Button } from '@slack/types';
import { hasEnded } from '../../runs/run.ts';
import type { ShownRun } from '../../runs/shown-run.ts';
import { button, confirmation } from './blocks.ts';
import { runName, runValue, targetName } from './run-words.ts';

export function detailsButton(run: ShownRun, gate?: number): Button {
  return button({
    actionId: 'run_details',
    value: runValue(run, gate),
    label: 'Details',
    spoken: `Details of ${runName(run)}`,
  });
}

export function stopButton(run: ShownRun): Button {
  return button({
    actionId: 'run_stop',
    value: runValue(run),
    label: 'Stop',
    spoken: `Stop ${runName(run)}`,
    style: 'danger',
    confirm: confirmation({
      title: `Stop ${runName(run)}?`,
      text: stopConsequence(run),
      yes: 'Stop it',
      style: 'danger',
    }),
  });
}

function stopConsequence(run: ShownRun): string {
  const where = `${targetName(run)} in ${run.cluster}`;
  if (hasEnded(run.status) || run.status !== 'running') {
    return `Nothing has been changed on ${where} for this run, or what was is taken back. The run ends.`;
  }
  return `The change under way on ${where} is finished, no other is begun, and what can be taken back is: such as the cordon. Pods that have left stay where they are now.`;
}

/** Opens the form in which the exceptions of a blocked plan are accepted by name. */
export function decideButton(run: ShownRun): Button {
  return button({
    actionId: 'exceptions_decide',
    value: runValue(run),
    label: 'Decide exceptions',
    spoken: `Decide the exceptions of ${runName(run)}`,
    style: 'primary',
  });
}
