import { ending } from './ending-phase.ts';
import type { Phases } from './phases.ts';
import { planning } from './planning-phase.ts';
import type { RunEnvironment } from './run-environment.ts';
import { stepping } from './step-phase.ts';

export function createPhases(environment: RunEnvironment): Phases {
  return { ...planning(environment), ...stepping(environment), ...ending(environment) };
}
