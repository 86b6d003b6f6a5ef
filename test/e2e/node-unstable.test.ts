import { pino } from 'pino';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { verifyAudit } from '../../src/audit/verify-audit.ts';
import { connectDatabase } from '../../src/database/postgres.ts';
import { inEnglish } from '../../src/language/translate.ts';
import { describeInChromium, launchChromium } from '../chromium.ts';
import { type HandrailWorld, startHandrailWorld, type WorldOptions } from './handrail-world.ts';
import { SlackPage } from './slack-page.ts';

describeInChromium('/runbook node-unstable, in the workspace page', { timeout: 90_000 }, () => {
  let browser: Browser;
  let world: HandrailWorld;
  let slack: SlackPage;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await slack.page.close();
    await world.stop();
  });

  async function begin(options: WorldOptions = {}): Promise<void> {
    world = await startHandrailWorld(options);
    slack = new SlackPage(
      await browser.newPage({ viewport: { width: 1440, height: 1000 } }),
      world.workspace.url,
    );
    await slack.openAs('U0MINA');
  }

  async function askAndWait(node = 'kr-b-2'): Promise<void> {
    await slack.type(`/runbook node-unstable ${node}`);
    await slack.reads('Waiting for approval');
  }

  function isUnschedulable(node: string): boolean {
    const spec = world.cluster.world.get('Node', node)?.spec as
      | { unschedulable?: boolean }
      | undefined;
    return spec?.unschedulable === true;
  }

  function evictions() {
    return world.cluster.world.requests.filter(
      ({ path, dryRun }) => path.endsWith('/eviction') && !dryRun,
    );
  }

  it('is planned, refused to its requester, approved, carried out and verified', async () => {
    await begin();
    await askAndWait();
    await slack.reads(/evict 10 Pods/);
    const thread = await slack.openThread();
    await thread
      .getByText(/budget payments\/api allows 1 at a time/)
      .first()
      .waitFor();

    await slack.pressAndConfirm('approval_approve');
    await slack.reads(/somebody else must approve/);
    expect((await world.run()).status).toBe('awaiting_approval');

    await slack.actAs('U0JUN');
    await slack.pressAndConfirm('approval_approve');
    await slack.reads(/Drain · running/);
    const run = await world.until('succeeded');

    await slack.reads('Succeeded: node-unstable kr-b-2');
    expect(world.cluster.world.get('Node', 'kr-b-2')).toBeUndefined();
    const newNode = /replaced by (\S+),/.exec(inEnglish(run.outcome?.summary ?? ''))?.[1];
    expect(world.cluster.world.get('Node', newNode ?? '')).toBeDefined();
    expect(new Set(evictions().map(({ path }) => path)).size).toBe(10);
    expect(
      evictions().every(({ status, userAgent }) => status !== 500 && userAgent?.includes(run.id)),
    ).toBe(true);
    const database = await connectDatabase(world.databaseUrl, { log: pino({ level: 'silent' }) });
    expect((await verifyAudit(database)).faults).toEqual([]);
    await database.close();
  });

  it('that is rejected with a reason changes nothing', async () => {
    await begin();
    await askAndWait();
    await slack.actAs('U0SORA');
    await slack.press('approval_reject');
    await slack.modal().getByRole('textbox').fill('the fix is already rolling out');
    await slack
      .modal()
      .getByRole('button', { name: /reject/i })
      .click();

    await world.until('rejected');

    await slack.reads(/the fix is already rolling out/);
    expect(isUnschedulable('kr-b-2')).toBe(false);
    expect(evictions()).toEqual([]);
    await expect
      .poll(() => slack.page.locator('[data-action-id="approval_approve"]').count())
      .toBe(0);
  });

  it('that nobody decides on expires, and its buttons go', async () => {
    await begin({ expiresAfter: '3s' });
    await askAndWait();

    await world.until('expired');

    await slack.reads(/Expired/);
    await expect
      .poll(() => slack.page.locator('[data-action-id="approval_approve"]').count())
      .toBe(0);
    expect(isUnschedulable('kr-b-2')).toBe(false);
  });

  it('asks again, showing the difference, when a pod came to the node between plan and click', async () => {
    await begin();
    await askAndWait();
    const pod = world.cluster.world
      .list('Pod', 'console')
      .find(({ spec }) => (spec as { nodeName?: string }).nodeName === 'kr-b-2');
    const { uid: _uid, resourceVersion: _version, ...metadata } = pod?.metadata ?? { name: 'none' };
    world.cluster.world.apply({
      ...pod,
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, name: 'console-latecomer' },
    });

    await slack.actAs('U0JUN');
    await slack.pressAndConfirm('approval_approve');

    await slack.reads(/console-latecomer/);
    await expect
      .poll(async () => (await world.run()).approvals.map(({ status }) => status))
      .toEqual(['approved', 'pending']);
    expect(evictions()).toEqual([]);
    await slack.pressAndConfirm('approval_approve');
    await world.until('succeeded');
  });

  it('stops half-way when asked to, and lifts its cordon', async () => {
    await begin({ timings: { podStartMs: 2000, podStopMs: 400 } });
    await askAndWait();
    await slack.actAs('U0JUN');
    await slack.pressAndConfirm('approval_approve');
    await slack.reads(/Drain · running: [1-9] of 10/);

    await slack.actAs('U0MINA');
    await slack.pressAndConfirm('run_stop');
    const run = await world.until('cancelled');

    expect(evictions().length).toBeLessThan(10);
    expect(isUnschedulable('kr-b-2')).toBe(false);
    expect(run.outcome?.undone.map(inEnglish).join()).toMatch(/uncordoned kr-b-2/);
    expect(inEnglish(run.outcome?.summary ?? '')).toMatch(/Drain \([1-9] of 10 pods\)/);
    await slack.reads(/Cancelled: node-unstable kr-b-2/);
  });

  it('of a node that is not there is answered in private, and nobody else reads of it', async () => {
    await begin();
    await slack.type('/runbook node-unstable kr-b-22');
    await slack.reads(/Check the name and the cluster, then ask again/);

    await slack.actAs('U0JUN');
    await slack.reads('This is the beginning of #kr-oncall');
  });

  it('that a budget blocks for ever asks nobody to approve, and leaves the pod alone when that is accepted', async () => {
    await begin();
    await slack.type('/runbook node-unstable kr-a-2');

    const blocked = await world.until('blocked');
    await slack.reads(/legacy\/ledger/);
    expect(blocked.approvals).toEqual([]);

    await slack.press('exceptions_decide');
    await slack.modal().getByRole('checkbox').first().waitFor();
    for (const choice of await slack.modal().getByRole('checkbox').all()) await choice.check();
    await slack
      .modal()
      .getByRole('button', { name: /accept|plan/i })
      .click();
    await world.until('awaiting_approval');
    await slack.actAs('U0JUN');
    await slack.pressAndConfirm('approval_approve');
    const run = await world.until('succeeded');

    expect(
      world.cluster.world
        .list('Pod', 'legacy')
        .map(({ spec }) => (spec as { nodeName?: string }).nodeName),
    ).toContain('kr-a-2');
    expect(run.steps.find(({ id }) => id === 'replace')?.status).toBe('skipped');
  });
});
