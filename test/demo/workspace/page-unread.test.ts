import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { demoSeed } from '../../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';
import { describeInChromium, launchChromium } from '../../chromium.ts';
import { temporaryDataDir } from '../../temporary-data-dir.ts';

describeInChromium('what is unread on the page', { timeout: 30_000 }, () => {
  let browser: Browser;
  let dataDir: Awaited<ReturnType<typeof temporaryDataDir>>;
  let workspace: Workspace;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    dataDir = await temporaryDataDir();
    workspace = await start(0);
    page = await browser.newPage();
    page.setDefaultTimeout(15_000);
  });
  afterEach(async () => {
    await page.close();
    await workspace.stop();
    await dataDir.remove();
  });

  const start = (port: number) =>
    startWorkspace({ port, seed: demoSeed, dataFile: `${dataDir.path}/workspace.jsonl` });
  const count = (channel: string) => page.locator(`[data-channel=${channel}] .count`);
  const newLine = () => page.locator('main').getByTestId('new-line');

  async function open(user: string, place: string): Promise<void> {
    await page.goto(`${workspace.url}?as=${user}#${place}`);
    await page.getByTestId('composer').waitFor();
  }

  it('is counted at the channel, marked above the first new message, and read when it is seen', async () => {
    await workspace.say('U0JUN', 'C0KROPS', 'the first');
    await open('U0MINA', 'C0KROPS');
    await page.locator('main').getByText('the first').waitFor();
    await count('C0KROPS').waitFor({ state: 'detached' });
    await page.locator('[data-channel=C0GENERAL]').click();
    await page.getByText('beginning of #general').waitFor();
    await workspace.say('U0JUN', 'C0KROPS', 'the second');
    await workspace.say('U0SORA', 'C0KROPS', 'the third');
    await page.locator('[data-channel=C0KROPS] .count', { hasText: '2' }).waitFor();
    expect(await page.title()).toBe('(2) Meridian');

    await page.locator('[data-channel=C0KROPS]').click();

    await newLine().waitFor();
    const lines = await page.locator('main .messages > li').allTextContents();
    const at = lines.indexOf('New');
    expect(lines[at - 1]).toContain('the first');
    expect(lines[at + 1]).toContain('the second');
    await count('C0KROPS').waitFor({ state: 'detached' });
    await page.reload();
    await page.locator('main').getByText('the third').waitFor();
    expect(await newLine().count()).toBe(0);
  });

  it('is another thing for each person, and one for all pages of the same person', async () => {
    await workspace.say('U0AIKO', 'C0KROPS', 'node kr-b-2 flaps');
    await open('U0JUN', 'C0GENERAL');
    await count('C0KROPS').waitFor();
    await page.getByTestId('act-as').selectOption('U0AIKO');
    await page.locator('.person .avatar', { hasText: 'AM' }).waitFor();
    expect(await count('C0KROPS').count()).toBe(0);
    await page.getByTestId('act-as').selectOption('U0JUN');
    await count('C0KROPS').waitFor();
    await page.reload();
    await page.locator('.person .avatar', { hasText: 'JS' }).waitFor();

    const elsewhere = await browser.newPage();
    await elsewhere.goto(`${workspace.url}?as=U0JUN#C0KROPS`);

    await count('C0KROPS').waitFor({ state: 'detached' });
    await elsewhere.close();
  });

  it('is counted at a thread until the thread is opened', async () => {
    const { ts } = await workspace.say('U0MINA', 'C0KROPS', 'who takes kr-b-2?');
    await workspace.say('U0JUN', 'C0KROPS', 'I do', ts);
    await open('U0MINA', 'C0KROPS');
    const replies = page.getByTestId('replies');
    await replies.getByText('1 new').waitFor();

    await replies.click();

    await page.getByTestId('thread').getByText('I do').waitFor();
    await replies.getByText('1 new').waitFor({ state: 'detached' });
    expect(await replies.textContent()).toContain('1 reply');
  });

  it('does not mark what arrives before the eyes of the person', async () => {
    await open('U0MINA', 'C0KROPS');
    await workspace.say('U0JUN', 'C0KROPS', 'look at this');

    await page.locator('main').getByText('look at this').waitFor();
    expect(await newLine().count()).toBe(0);
    await page.getByRole('log').getByText('Jun Seo: look at this').waitFor();
  });

  it('says in words that the workspace is gone, and catches up when it is back', async () => {
    await workspace.say('U0JUN', 'C0KROPS', 'before');
    await open('U0MINA', 'C0KROPS');
    await page.locator('main').getByText('before').waitFor();
    const { port } = new URL(workspace.url);

    await workspace.stop();
    await page.getByText('Reconnecting…').waitFor();
    workspace = await start(Number(port));
    await workspace.say('U0JUN', 'C0KROPS', 'after the restart');

    await page.locator('main').getByText('after the restart').waitFor();
    await page.getByText('Reconnecting…').waitFor({ state: 'detached' });
    await page.locator('#connection').getByText('Connected again.').waitFor({ state: 'attached' });
    expect(await page.locator('main').getByText('before').count()).toBe(1);
  });
});
