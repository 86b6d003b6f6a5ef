import { errorCode, errorText } from '../errors.ts';
import type { Workflow } from '../workflow/workflow.ts';
import type { Phases, StepVerdict } from './phases.ts';
import type { RunEnd } from './run.ts';
import { WAKE } from './wake.ts';

/**
 * One run from start to finish. Deterministic: whatever looks at a clock, a row or a cluster is inside a step, so that a
 * process that takes over comes to the same place by the results that were kept.
 */
export async function executeRun(workflow: Workflow, runId: string, phases: Phases): Promise<void> {
  const gates = new Gates(workflow, runId, phases);
  const scene: Scene = { workflow, runId, phases, gates, begun: [] };
  const end = await carryOutRun(scene).catch((error: unknown) => giveUp(scene, error));
  if (end !== 'succeeded') await takeBack(scene);
  await workflow.step('end', () => phases.end(runId, end));
}

interface Scene {
  readonly workflow: Workflow;
  readonly runId: string;
  readonly phases: Phases;
  readonly gates: Gates;
  /** Steps that were begun, in order: what may have to be taken back. */
  readonly begun: string[];
}

async function carryOutRun(scene: Scene): Promise<RunEnd> {
  const { workflow, runId, phases, gates } = scene;
  const agreed = await gates.agreeOnPlan();
  if (agreed !== 'go') return agreed;
  const begin = await workflow.step('begin', () => phases.begin(runId));
  if (begin.status === 'ended') return begin.end;
  for (const stepId of begin.steps) {
    const verdict = await carryOutStep(scene, stepId);
    if (verdict.status === 'failed' || verdict.status === 'ended') return verdict.end;
  }
  return 'succeeded';
}

async function carryOutStep(scene: Scene, stepId: string): Promise<StepVerdict> {
  const { workflow, runId, phases, gates, begun } = scene;
  const agreed = await gates.agreeOnStep(stepId);
  if (agreed !== 'go') return { status: 'ended', end: agreed };
  begun.push(stepId);
  const verdict = await workflow.step(`step ${stepId}`, () => phases.carryOut(runId, stepId));
  if (verdict.status === 'skipped') begun.pop();
  return verdict;
}

async function takeBack(scene: Scene): Promise<void> {
  const { workflow, runId, phases, begun } = scene;
  for (const stepId of begun.toReversed()) {
    const undoing = workflow.step(`undo ${stepId}`, () => phases.undo(runId, stepId));
    await undoing.catch((error: unknown) => giveUp(scene, error));
  }
}

/** Whatever breaks that no phase has foreseen, the run must come to its end, and let go of its target. */
async function giveUp({ workflow, runId, phases }: Scene, error: unknown): Promise<'failed'> {
  const failure = { code: errorCode(error) ?? 'run_broken', message: errorText(error) };
  await workflow.step('give up', () => phases.giveUp(runId, failure));
  return 'failed';
}

/** Where a run waits for people. Gates are numbered through the whole run, so that each decision has a row of its own. */
class Gates {
  readonly #workflow: Workflow;
  readonly #runId: string;
  readonly #phases: Phases;
  #gate = 0;
  #look = 0;

  constructor(workflow: Workflow, runId: string, phases: Phases) {
    this.#workflow = workflow;
    this.#runId = runId;
    this.#phases = phases;
  }

  /** Plans, and plans anew after each decision, until what was agreed to is what would be done. */
  async agreeOnPlan(): Promise<'go' | RunEnd> {
    for (;;) {
      const gate = this.#gate + 1;
      const planned = await this.#workflow.step(`plan ${gate}`, () =>
        this.#phases.plan(this.#runId, gate),
      );
      if (planned.next === 'go') return 'go';
      if (planned.next === 'end') return planned.end;
      this.#gate = gate;
      const end = await this.#waitForPeople();
      if (end !== 'go') return end;
    }
  }

  /** A destructive step is planned anew just before it; a wider plan is asked for again. */
  async agreeOnStep(stepId: string): Promise<'go' | RunEnd> {
    for (;;) {
      const gate = this.#gate + 1;
      const checked = await this.#workflow.step(`check ${stepId} ${gate}`, () =>
        this.#phases.check(this.#runId, { stepId, gate }),
      );
      if (checked.next === 'go') return 'go';
      if (checked.next === 'end') return checked.end;
      this.#gate = gate;
      const end = await this.#waitForPeople();
      if (end !== 'go') return end;
    }
  }

  async #waitForPeople(): Promise<'go' | RunEnd> {
    for (;;) {
      this.#look += 1;
      const decided = await this.#workflow.step(`look ${this.#look}`, () =>
        this.#phases.decided(this.#runId, this.#gate),
      );
      if (decided.status !== 'wait') return decided.status;
      await this.#workflow.receive(WAKE, decided.until);
    }
  }
}
