import { afterEach, describe, expect, it } from 'vitest';
import { jun, type RunWorld, startRunWorld } from './run-world.ts';
import { newShelf } from './shelf-actions.ts';

let world: RunWorld | undefined;
afterEach(() => world?.stop());

describe('a shutdown in the middle of a step', () => {
  it('is no failure of the run, and does not wait for the step', async () => {
    const shelf = newShelf('cup', 'plate');
    const here = await startRunWorld(shelf);
    world = here;
    const runId = await here.ask();
    await here.until(runId, 'awaiting_approval');
    const begun = Promise.withResolvers<void>();
    shelf.beforeRemoval = async () => {
      begun.resolve();
      await here.environment.clock.sleep(60_000, here.environment.shutdown);
    };
    await here.runs.decide({ runId, gate: 1, verdict: 'approve', by: jun });
    await begun.promise;

    const before = performance.now();
    here.shutDown();
    await here.shutDownEngine();

    expect(performance.now() - before).toBeLessThan(5000);
    expect(await here.runs.get(runId)).toMatchObject({ status: 'running' });
  });
});
