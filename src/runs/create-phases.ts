import { ending } from './ending-phase.ts';
import type { Phases } from './phases.ts';
import { planning } from './planning-phase.ts';
import type { RunEnvironment } from './run-environment.ts';
import { stepping } from './step-phase.ts';
import { undoing } from './undo-phase.ts';

export function createPhases(environment: RunEnvironment): Phases {
  return {
    ...planning(environment),
    ...stepping(environment),
    ...undoing(environment),
    ...ending(environment),
  };
}
