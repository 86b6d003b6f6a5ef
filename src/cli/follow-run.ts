import type { Core } from '../app.ts';
import { inEnglish, translated } from '../language/translate.ts';
import { hasEnded, type RunStatus } from '../runs/run.ts';
import type { ShownRun } from '../runs/shown-run.ts';

/** Where a run is shown while it goes on. */
export interface RunView {
  /** A line that stays. */
  line(text: string): void;
  /** How it stands now; replaces what was shown before. */
  now(run: ShownRun): void;
  end(): void;
}

/** What a run that waits for people waits for: nothing comes until somebody acts. */
const WAITS: Partial<Record<RunStatus, string>> = {
  awaiting_approval: 'waits for an approval, which is asked for in Slack',
  blocked: 'is blocked until its exceptions are accepted in Slack; `plan` names them',
};

/** Shows a run as it goes on, until it has ended. */
export async function followRun({ runs }: Core, runId: string, view: RunView): Promise<ShownRun> {
  let told = 0;
  let status: RunStatus | undefined;
  const ended = Promise.withResolvers<ShownRun>();
  async function show(): Promise<void> {
    const run = translated(await runs.get(runId), inEnglish);
    for (const event of run.timeline.slice(told)) view.line(eventLine(event));
    told = run.timeline.length;
    const waits = WAITS[run.status];
    if (run.status !== status && waits) view.line(`run ${runId} ${waits}`);
    status = run.status;
    view.now(run);
    if (hasEnded(run.status)) ended.resolve(run);
  }
  let showing = Promise.resolve();
  const showNext = () => {
    showing = showing.then(show).catch(ended.reject);
  };
  try {
    const unlisten = await runs.onChange((changed) => changed === runId && showNext());
    showNext();
    return await ended.promise.finally(unlisten);
  } finally {
    view.end();
  }
}

function eventLine({ at, text }: ShownRun['timeline'][number]): string {
  return `${new Date(at).toISOString().slice(11, 19)}  ${text}`;
}
