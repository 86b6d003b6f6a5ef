import type { Button } from '@slack/types';
import { say } from '../../language/text.ts';
import type { Translate } from '../../language/translate.ts';
import { hasEnded } from '../../runs/run.ts';
import type { ShownRun } from '../../runs/shown-run.ts';
import { button, confirmation } from './blocks.ts';
import { runName, runValue, targetName } from './run-words.ts';

export function detailsButton(t: Translate, run: ShownRun, gate?: number): Button {
  return button({
    actionId: 'run_details',
    value: runValue(run, gate),
    label: t(say('Details')),
    spoken: t(say('Details of {run}', { run: runName(run) })),
  });
}

export function stopButton(t: Translate, run: ShownRun): Button {
  return button({
    actionId: 'run_stop',
    value: runValue(run),
    label: t(say('Stop')),
    spoken: t(say('Stop {run}', { run: runName(run) })),
    style: 'danger',
    confirm: confirmation({
      title: t(say('Stop {run}?', { run: runName(run) })),
      text: stopConsequence(t, run),
      yes: t(say('Stop it')),
      no: t(say('Not now')),
      style: 'danger',
    }),
  });
}

function stopConsequence(t: Translate, run: ShownRun): string {
  const place = { target: targetName(run), cluster: run.cluster };
  if (hasEnded(run.status) || run.status !== 'running') {
    return t(
      say(
        'Nothing has been changed on {target} in {cluster} for this run, or what was is taken back. The run ends.',
        place,
      ),
    );
  }
  return t(
    say(
      'The change under way on {target} in {cluster} is finished, no other is begun, and what can be taken back is: such as the cordon. Pods that have left stay where they are now.',
      place,
    ),
  );
}

/** Opens the form in which the exceptions of a blocked plan are accepted by name. */
export function decideButton(t: Translate, run: ShownRun): Button {
  return button({
    actionId: 'exceptions_decide',
    value: runValue(run),
    label: t(say('Decide exceptions')),
    spoken: t(say('Decide the exceptions of {run}', { run: runName(run) })),
    style: 'primary',
  });
}
