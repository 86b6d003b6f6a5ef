import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SlackFault } from '../../src/demo/workspace/slack-fault.ts';
import { newShelf } from '../runs/shelf-actions.ts';
import { CHANNEL } from './sample-runs.ts';
import { type SlackWorld, startSlackWorld } from './slack-world.ts';

let at: SlackWorld;
let turn = 0;

/** Every callback of this kind goes wrong so. */
function breakAll(kind: string, fault: SlackFault): void {
  at.slack.faults = [(method) => (method === `callback:${kind}` ? fault : undefined)];
}

async function runsOfTurn() {
  const runs = await at.world.runs.list({ limit: 50 });
  return runs.filter(({ target }) => target.includes(`place-${turn}`));
}

function privately(user: string, text: string): number {
  return at.slack.ephemerals(user).filter((each) => each.text.includes(text)).length;
}

/** After one more callback of the same person has been worked on, those before it have been, too. */
async function afterwards(user: string): Promise<void> {
  at.slack.faults = [];
  const before = privately(user, 'Handrail runs runbooks');
  await at.slack.slash(user, CHANNEL, 'help');
  await vi.waitUntil(() => privately(user, 'Handrail runs runbooks') > before, { timeout: 8000 });
}

describe.each(['http', 'socket'] as const)('what comes more than once by %s', (by) => {
  beforeAll(async () => {
    at = await startSlackWorld({}, by);
  });
  afterAll(() => at.stop());
  beforeEach(() => {
    Object.assign(at.shelf, newShelf('cup', 'plate'));
    turn += 1;
  });
  afterEach(() => {
    at.slack.faults = [];
  });

  it('is one run for one command', async () => {
    breakAll('command', { again: 2 });

    await at.slack.slash('U0MINA', CHANNEL, `tidy place-${turn} --dry-run`);
    await at.find(`Dry-run plan: tidy place-${turn}`);
    await afterwards('U0MINA');

    expect(await runsOfTurn()).toHaveLength(1);
  });

  it('is one run for one mention', async () => {
    breakAll('event', { again: 2 });

    await at.slack.mention('U0SORA', CHANNEL, `tidy place-${turn} --dry-run`);
    await at.find(`Dry-run plan: tidy place-${turn}`);
    await afterwards('U0SORA');

    expect(await runsOfTurn()).toHaveLength(1);
  });

  it('is one approval for one click, and nobody is told that it came too late', async () => {
    const card = await at.askAs('U0MINA', `tidy place-${turn}`);
    breakAll('interaction', { again: 2 });

    await at.slack.click('U0JUN', card, 'approval_approve');
    const [line] = await runsOfTurn();
    const run = await at.world.until(line?.id ?? '', 'succeeded');
    await afterwards('U0JUN');

    expect(run.approvals.flatMap(({ votes }) => votes)).toHaveLength(1);
    expect(at.shelf.removals.toSorted()).toEqual(['cup', 'plate']);
    expect(privately('U0JUN', 'already')).toBe(0);
  });

  it('is one rejection for one form', async () => {
    const card = await at.askAs('U0MINA', `tidy place-${turn}`);
    await at.slack.click('U0JUN', card, 'approval_reject');
    const view = await at.view('U0JUN', 'reason');
    breakAll('interaction', { again: 2 });

    await at.slack.submitView('U0JUN', view.id, { reason: { text: 'not now' } });
    const [line] = await runsOfTurn();
    await at.world.until(line?.id ?? '', 'rejected');
    await afterwards('U0JUN');

    expect(at.shelf.removals).toEqual([]);
    expect(privately('U0JUN', 'already')).toBe(0);
  });

  it('takes effect also where its acknowledgement never arrived', async () => {
    breakAll('command', { hang: 'after' });

    const outcome = await at.slack.slash('U0MINA', CHANNEL, `tidy place-${turn} --dry-run`);
    await at.find(`Dry-run plan: tidy place-${turn}`);
    await afterwards('U0MINA');

    expect(outcome.problem).toContain('operation_timeout');
    expect(await runsOfTurn()).toHaveLength(1);
  });
});
