import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeInChromium, launchChromium } from '../chromium.ts';
import { type HandrailWorld, startHandrailWorld } from './handrail-world.ts';
import { SlackPage } from './slack-page.ts';

const MANY_TABS = 30;

describeInChromium('the workspace page without a mouse', { timeout: 90_000 }, () => {
  let browser: Browser;
  let world: HandrailWorld;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    world = await startHandrailWorld({ panel: true });
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const slack = new SlackPage(page, world.workspace.url);
    await slack.openAs('U0MINA', 'C0GENERAL');
  });
  afterEach(async () => {
    await page.close();
    await world.stop();
  });

  const press = (key: string) => page.keyboard.press(key);

  async function goTo(name: string): Promise<void> {
    await press('Control+k');
    await page.getByTestId('jump').waitFor();
    await page.keyboard.type(name);
    await press('Enter');
    await page.locator('[data-testid=composer]:focus').waitFor();
  }

  /** Goes on with Tab until what has the focus fits. */
  async function tabTo(selector: string): Promise<void> {
    for (let presses = 0; presses < MANY_TABS; presses += 1) {
      if ((await page.locator(`${selector}:focus`).count()) > 0) return;
      await press('Tab');
    }
    throw new Error(`Tab did not lead to ${selector}`);
  }

  it('asks for a run, looks at its thread, approves it as somebody else and sees it succeed', async () => {
    await goTo('kr-oncall');
    await page.keyboard.type('/runbook node-unstable kr-b-2');
    await press('Enter');
    await world.until('awaiting_approval');
    await page.locator('[data-action-id=approval_approve]').last().waitFor();

    await press('ArrowUp');
    await page.locator('#main .message:focus').waitFor();
    await press('t');
    await page.locator('[data-testid=thread-composer]:focus').waitFor();
    await press('Escape');
    await page.getByTestId('thread').waitFor({ state: 'detached' });
    await page.locator('#main .message:focus').waitFor();

    await goTo('Act as Jun');
    await page.locator('#main [data-action-id=approval_approve]').last().waitFor();
    await press('ArrowUp');
    await tabTo('[data-action-id=approval_approve]');
    await press('Enter');
    await page.getByTestId('confirm').waitFor();
    await tabTo('[data-testid=confirm-yes]');
    await press('Enter');

    const run = await world.until('succeeded');
    expect(run.approvals.map(({ decidedBy }) => decidedBy?.id)).toEqual(['U0JUN']);
    await page.locator('[data-step=watch][data-done]').waitFor();
    await page.locator('.node', { hasText: 'new' }).waitFor();
  });

  it('leads through the parts of the page with F6, and from pod to pod with the arrows', async () => {
    await page.locator('.tile').first().waitFor();
    const visited = new Set<string>();
    for (let presses = 0; presses < 5; presses += 1) {
      await press('F6');
      visited.add(await page.evaluate('document.activeElement.closest("nav,main,section[id]").id'));
    }
    expect([...visited].sort()).toEqual(['cluster', 'guide', 'main', 'person', 'sidebar']);

    await page.locator('.tile[tabindex="0"]').focus();
    const first = await page.locator('.cluster-hint').textContent();
    await press('ArrowRight');
    const second = await page.locator('.cluster-hint').textContent();
    expect(first).toMatch(/^\S+\/\S+, (running|starting)/);
    expect(second).not.toBe(first);
    expect(await page.locator('.tile[tabindex="0"]').count()).toBe(1);
  });

  it('keeps the focus in a modal, and gives it back after Escape', async () => {
    await goTo('kr-oncall');
    await page.keyboard.type('/runbook');
    await press('Enter');
    await page.getByTestId('modal').getByRole('combobox').waitFor();
    for (let presses = 0; presses < 8; presses += 1) {
      await press('Tab');
      const isOutside = await page.evaluate(
        'document.activeElement !== document.body && !document.activeElement.closest("dialog")',
      );
      expect(isOutside).toBe(false);
    }

    await press('Escape');

    await page.getByTestId('modal').waitFor({ state: 'detached' });
    await page.locator('[data-testid=composer]:focus').waitFor();
  });

  it('says which keys there are, and skips to the messages first of all', async () => {
    await page.evaluate('document.activeElement.blur()');
    await press('?');
    await page.getByTestId('shortcuts').getByText('open its thread').waitFor();
    await press('Escape');
    await page.getByTestId('shortcuts').waitFor({ state: 'detached' });

    await page.reload();
    await page.getByTestId('composer').waitFor();
    await press('Tab');
    await page.locator('.skip:focus').waitFor();
    await press('Enter');
    await page.locator('#main :focus').waitFor();
  });
});
