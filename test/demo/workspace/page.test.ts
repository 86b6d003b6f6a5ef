import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { demoSeed } from '../../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';
import { describeInChromium, launchChromium } from '../../chromium.ts';
import { type ConnectedApp, connectBolt } from './bolt-app.ts';
import { pageApp } from './page-app.ts';

const PHONE = { width: 390, height: 844 };
const TABLET = { width: 900, height: 700 };

describeInChromium('the page', { timeout: 30_000 }, () => {
  let browser: Browser;
  let workspace: Workspace;
  let connected: ConnectedApp;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    workspace = await startWorkspace({ seed: demoSeed });
    connected = await connectBolt(workspace, pageApp);
    problems = [];
    page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('dialog', async (dialog) => {
      problems.push(`script ran: ${dialog.message()}`);
      await dialog.dismiss();
    });
  });

  afterEach(async () => {
    await page.close();
    await connected.stop();
    await workspace.stop();
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });

  async function open(user: string, place = 'C0KROPS') {
    await page.goto(`${workspace.url}?as=${user}#${place}`);
    await page.getByTestId('composer').or(page.getByTestId('home')).first().waitFor();
  }

  async function type(text: string) {
    await page.getByTestId('composer').fill(text);
    await page.getByTestId('composer').press('Enter');
  }

  it('carries a command to the app and shows what it posts, as text', async () => {
    await open('U0MINA');

    await type('/runbook node-unstable kr-b-2');

    await page.getByRole('heading', { name: 'Drain kr-b-2' }).waitFor();
    const text = await page.locator('[data-ts] .section-text').textContent();
    expect(text).toBe('asked by @Mina Park <script>alert(1)</script> <b>');
    expect(await page.locator('.messages script').count()).toBe(0);
    expect(problems).toEqual([]);
  });

  it('escapes what people type, names and all', async () => {
    await open('U0MINA');
    const evil = '<img src=x onerror=alert(1)> [x](javascript:alert(2)) <javascript:alert(3)|x>';

    await type(evil);

    await page.locator('[data-ts]').waitFor();
    expect(await page.locator('[data-ts] .text').textContent()).toBe(evil);
    expect(await page.locator('.messages img').count()).toBe(0);
    expect(await page.locator('.messages a[href^="javascript"]').count()).toBe(0);
    expect(problems).toEqual([]);
  });

  it('asks before a button with a confirm dialog acts', async () => {
    await open('U0JUN');
    await type('/runbook node-unstable kr-b-2');

    await page.locator('[data-action-id=approve]').click();
    await page.getByTestId('confirm').getByRole('button', { name: 'Not yet' }).click();
    await page.getByTestId('confirm').waitFor({ state: 'detached' });
    expect(workspace.messages('C0KROPS')).toHaveLength(1);
    await page.locator('[data-action-id=approve]').click();
    await page.getByTestId('confirm').getByRole('button', { name: 'Approve' }).click();

    await page.locator('main').getByText('Approved by @Jun Seo').waitFor();
    expect(await page.locator('[data-action-id=approve]').count()).toBe(0);
    await page.getByTestId('replies').click();
    await page.getByTestId('thread').getByText('evicting web/api-1').waitFor();
  });

  it('fills a modal, shows what is wrong in it, and submits it', async () => {
    await open('U0JUN');
    await type('/runbook node-unstable kr-b-2');
    await page.locator('[data-action-id=reject]').click();
    const modal = page.getByTestId('modal');
    await modal.getByLabel('Kind').selectOption('many');

    await modal.getByRole('button', { name: 'Reject' }).click();
    await modal.getByText('Please complete this required field.').waitFor();
    await modal.getByLabel('Reason').fill('no');
    await modal.getByRole('button', { name: 'Reject' }).click();
    await modal.getByText('Say it in a few words.').waitFor();
    expect(await modal.getByLabel('Kind').inputValue()).toBe('many');
    expect(await modal.getByLabel('Reason').inputValue()).toBe('no');
    await modal.getByLabel('Reason').fill('14 pods at once');
    await modal.getByRole('button', { name: 'Reject' }).click();

    await page.locator('main').getByText('@Jun Seo rejected (many): 14 pods at once').waitFor();
    await modal.waitFor({ state: 'detached' });
  });

  it('shows private answers to their person only', async () => {
    await open('U0MINA');
    await type('/runbook nonsense');
    await page.locator('main').getByText('No runbook nonsense.').waitFor();
    await page.locator('main').getByText('Only visible to you').waitFor();

    await page.getByTestId('act-as').selectOption('U0JUN');
    await page.getByText('This is the beginning of #kr-oncall').waitFor();
    expect(await page.getByText('No runbook nonsense.').count()).toBe(0);
    await page.getByTestId('act-as').selectOption('U0MINA');

    await page.locator('main').getByText('No runbook nonsense.').waitFor();
  });

  it('shows the private answer to a click where the click was made', async () => {
    await open('U0MINA');
    await type('/runbook ask in a thread');
    await page.getByRole('button', { name: 'Ready' }).click();
    await page.locator('main').getByText('Somebody else must say so.').waitFor();

    await page.getByTestId('replies').click();
    await page.getByTestId('thread').getByText('Somebody else must say so.').waitFor();
    expect(await page.locator('main').getByText('Somebody else must say so.').count()).toBe(0);
  });

  it('explains that commands do not work in threads', async () => {
    const { ts } = await workspace.say('U0MINA', 'C0KROPS', 'hello');
    await open('U0MINA', `C0KROPS/${ts}`);

    await page.getByTestId('thread-composer').fill('/runbook list');
    await page.getByTestId('thread-composer').press('Enter');

    await page.getByTestId('thread').getByText('not supported in threads').waitFor();
  });

  it('counts what arrives in other channels, and follows the messages live', async () => {
    await open('U0MINA');

    await connected.app.client.chat.postMessage({ channel: 'C0JPOPS', text: 'jp-a-1 is back' });

    await page.locator('[data-channel=C0JPOPS] .count').waitFor();
    await page.locator('[data-channel=C0JPOPS]').click();
    await page.locator('main').getByText('jp-a-1 is back').waitFor();
    await page.locator('[data-channel=C0JPOPS] .count').waitFor({ state: 'detached' });
  });

  it('shows each person their own Home tab', async () => {
    await open('U0SORA', 'D0SORA/home');

    await page.getByTestId('home').getByText('Waiting for U0SORA').waitFor();
  });

  it('shows a thread in the place of its conversation where there is no room for both', async () => {
    await page.setViewportSize(TABLET);
    await open('U0MINA');
    await type('@Handrail are you there');
    await page.getByTestId('replies').click();
    await page.getByTestId('thread').getByText('At your service').waitFor();
    expect(await page.getByTestId('composer').isVisible()).toBe(false);

    await page.keyboard.press('Escape');

    await page.locator('main .message:focus').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(TABLET.width);
  });

  it('works on a phone, one pane at a time', async () => {
    await page.setViewportSize(PHONE);
    await open('U0MINA');

    await type('@Handrail are you there');
    await page.getByTestId('replies').click();
    await page.getByTestId('thread').getByText('At your service').waitFor();
    expect(await page.getByTestId('composer').isVisible()).toBe(false);
    await page.getByRole('link', { name: 'Back' }).click();
    await page.getByTestId('composer').waitFor();
    await page.getByRole('link', { name: 'All conversations' }).click();
    await page.getByTestId('act-as').waitFor();

    const { width } = (await page.locator('#app').boundingBox()) ?? { width: 0 };
    expect(width).toBe(PHONE.width);
  });
});
