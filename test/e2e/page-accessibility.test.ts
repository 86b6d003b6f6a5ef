import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seriousFaults } from '../axe.ts';
import { describeInChromium, launchChromium } from '../chromium.ts';
import { type HandrailWorld, startHandrailWorld } from './handrail-world.ts';
import { SlackPage } from './slack-page.ts';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

describeInChromium('the workspace page, judged by axe', { timeout: 120_000 }, () => {
  let browser: Browser;
  let world: HandrailWorld;

  beforeAll(async () => {
    browser = await launchChromium();
    world = await startHandrailWorld({ panel: true });
    await world.workspace.slash('U0MINA', 'C0KROPS', 'node-unstable kr-b-2');
    await world.until('awaiting_approval');
  });
  afterAll(async () => {
    await browser.close();
    await world.stop();
  });

  async function pageOf(viewport: typeof PHONE, colorScheme: 'light' | 'dark'): Promise<SlackPage> {
    const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
    return new SlackPage(page, world.workspace.url);
  }

  /** Looks at one state after the other, and keeps what axe finds in each. */
  function examiner(page: Page) {
    const faults: string[] = [];
    const examine = async (state: string) => {
      for (const fault of await seriousFaults(page)) faults.push(`${state}: ${fault}`);
    };
    return { faults, examine };
  }

  it.each(['light', 'dark'] as const)(
    'finds nothing serious at desktop width, %s',
    async (scheme) => {
      const slack = await pageOf(DESKTOP, scheme);
      const { page } = slack;
      const { faults, examine } = examiner(page);
      await slack.openAs('U0JUN');
      await slack.button('approval_approve').waitFor();
      await page.locator('.tile').first().waitFor();
      await examine('channel with approval, guide and cluster');

      await slack.openThread();
      await examine('thread');
      await slack.press('approval_approve');
      await examine('confirm dialog');
      await page.keyboard.press('Escape');
      await slack.press('approval_reject');
      await slack.modal().waitFor();
      await examine('modal');
      await page.keyboard.press('Escape');
      await slack.modal().waitFor({ state: 'detached' });
      await page.keyboard.press('Control+k');
      await examine('places and people');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+/');
      await examine('keyboard shortcuts');
      await page.keyboard.press('Escape');
      await page.goto(`${world.workspace.url}?as=U0JUN#D0JUN/home`);
      await page.getByTestId('home').getByRole('button').first().waitFor();
      await examine('Home');
      await page.close();

      expect(faults).toEqual([]);
    },
  );

  it.each(['light', 'dark'] as const)(
    'finds nothing serious at phone width, %s',
    async (scheme) => {
      const slack = await pageOf(PHONE, scheme);
      const { page } = slack;
      const { faults, examine } = examiner(page);
      await slack.openAs('U0JUN');
      await slack.button('approval_approve').waitFor();
      await examine('channel');

      await page.getByRole('link', { name: 'Cluster' }).click();
      await page.locator('.tile').first().waitFor();
      await examine('cluster');
      await page.getByRole('link', { name: 'All conversations' }).click();
      await page.getByTestId('act-as').waitFor();
      await examine('all conversations');
      await slack.openAs('U0MINA');
      await slack.type('/runbook');
      await slack.modal().getByRole('combobox').first().waitFor();
      await examine('picker');
      await page.close();

      expect(faults).toEqual([]);
    },
  );
});
