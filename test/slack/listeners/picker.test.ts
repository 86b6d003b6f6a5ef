import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CHANNEL } from '../sample-runs.ts';
import { type SlackWorld, shown, startSlackWorld } from '../slack-world.ts';

let at: SlackWorld;
beforeAll(async () => {
  at = await startSlackWorld();
});
afterAll(() => at.stop());

async function chooseTidy(user: string, channel = CHANNEL) {
  await at.slack.slash(user, channel, '');
  const view = await at.view(user, 'picker_runbook');
  await at.slack.clickInView(user, view.id, { actionId: 'picker_runbook', chosen: 'tidy' });
  return at.view(user, 'input/tidy/shelf');
}

describe('the picker', () => {
  it('shows the fields of the runbook that is chosen, and starts the run', async () => {
    const view = await chooseTidy('U0MINA');
    expect(JSON.stringify(view.blocks)).toContain('Marks a shelf and removes what stands on it.');
    await at.slack.submitView('U0MINA', view.id, {
      'input/tidy/shelf': { value: 'picked' },
      picker_dry_run: { value: ['dry-run'] },
    });

    expect(at.slack.openViews('U0MINA')).toEqual([]);
    await at.told('U0MINA', 'tidy picked in kr');
    await at.find('Dry-run plan: tidy picked');
  });

  it('says at the field what is wrong with it', async () => {
    const view = await chooseTidy('U0JUN');
    const outcome = await at.slack.submitView('U0JUN', view.id, {
      'input/tidy/shelf': { value: 'x'.repeat(501) },
    });

    expect(JSON.stringify(outcome)).toContain('input/tidy/shelf');
    expect(at.slack.openViews('U0JUN')).toHaveLength(1);
  });

  it('asks for the cluster where the channel has none', async () => {
    const view = await chooseTidy('U0SORA', 'C0GENERAL');
    const outcome = await at.slack.submitView('U0SORA', view.id, {
      'input/tidy/shelf': { value: 'elsewhere' },
    });
    expect(JSON.stringify(outcome)).toContain('picker_cluster');
    await at.slack.submitView('U0SORA', view.id, {
      'input/tidy/shelf': { value: 'elsewhere' },
      picker_cluster: { value: 'kr' },
      picker_dry_run: { value: ['dry-run'] },
    });
    await at.find('Dry-run plan: tidy elsewhere');
  });
});

describe('the Home tab', () => {
  it('shows what waits for approval, with its card, and what has been', async () => {
    const card = await at.askAs('U0MINA', 'tidy at-home');
    await vi.waitFor(async () => {
      await at.slack.openHome('U0JUN');
      const home = JSON.stringify(at.slack.home('U0JUN')?.blocks ?? []);
      expect(home).toContain('tidy at-home in kr');
      expect(home).toContain(`${CHANNEL}/${card.ts}|Open the card`);
    }, 5000);
    const home = at.slack.home('U0JUN');
    expect(shown({ ...card, blocks: home?.blocks ?? [] })).toContain('Recent');
    await at.slack.clickInView('U0JUN', home?.id ?? '', 'run_details');
    await at.view('U0JUN', 'What changes');
  });
});
