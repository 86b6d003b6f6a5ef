import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type {
  ClusterView,
  NodeView,
  PodView,
} from '../../../src/demo/workspace/page-server/cluster-view.ts';
import type { Guide } from '../../../src/demo/workspace/page-server/guide.ts';
import { demoSeed } from '../../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';
import { describeInChromium, launchChromium } from '../../chromium.ts';

const PHONE = { width: 390, height: 844 };
const LONG = 'payments-and-invoicing/a-deployment-with-a-very-long-name-indeed-7d9f8b6c5d-x2x4q';

describeInChromium('clusters and the guide on the page', { timeout: 30_000 }, () => {
  let browser: Browser;
  let workspace: Workspace;
  let page: Page;
  let kr: ClusterView;
  let hasFlapped: boolean;

  const pod = (name: string, more: Partial<PodView> = {}): PodView => ({
    ...{ id: name, name: `web/${name}`, workload: 'web/api', state: 'running' },
    ...more,
  });
  const node = (name: string, ...pods: PodView[]): NodeView => ({
    ...{ id: name, name, states: ['Ready'], pods, morePods: 0 },
  });
  const cluster = (...nodes: NodeView[]): ClusterView => ({
    nodes,
    budgets: [{ name: 'web/api', needs: 2, has: 2, mayGo: 0 }],
    totals: {
      ...{ nodes: nodes.length, budgets: 1 },
      pods: {
        ...{ waiting: 0, starting: 0, running: 2, leaving: 0 },
        ...{ 'not ready': 0, done: 0, failed: 0 },
      },
    },
  });
  const guide: Guide = {
    steps: () => [
      {
        ...{ id: 'flap', title: 'Make it flap', text: 'It flaps.', isDone: hasFlapped },
        offers: [{ label: 'Flap', do: 'control', control: 'flap' }],
      },
      {
        ...{ id: 'ask', title: 'Ask', text: 'Send it.', isDone: false },
        offers: [
          { label: 'Write', do: 'compose', channel: 'C0KROPS', text: '/runbook list' },
          { label: 'Be Jun', do: 'act_as', user: 'U0JUN', channel: 'C0KROPS' },
        ],
      },
    ],
    control: (name) => {
      hasFlapped = name === 'flap';
    },
  };

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    hasFlapped = false;
    kr = cluster(node('a', pod('api-1'), pod('api-2')), node('b'));
    const jp = cluster(node('jp-1'));
    workspace = await startWorkspace({
      seed: demoSeed,
      clusters: [
        { name: 'kr', read: () => kr },
        { name: 'jp', read: () => jp },
      ],
      guide,
    });
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(15_000);
    await page.goto(`${workspace.url}?as=U0MINA#C0GENERAL`);
    await page.locator('.node').first().waitFor();
  });
  afterEach(async () => {
    await page.close();
    await workspace.stop();
  });

  const nodeOf = (name: string) => page.locator(`[data-node="${name}"]`);

  it('shows pods leave one node and start on another, in words, without a reload', async () => {
    await page.getByText('web/api needs 2, has 2: 0 may go').waitFor();

    kr = cluster(
      {
        ...node('a', pod('api-1', { state: 'leaving' }), pod('api-2')),
        states: ['Ready', 'cordoned'],
      },
      node('b', pod('api-3', { state: 'starting' })),
    );

    await nodeOf('a').getByText('cordoned').waitFor();
    await nodeOf('a').getByText('2 pods: 1 leaving').waitFor();
    await nodeOf('b').getByText('1 pod: 1 starting').waitFor();
    await nodeOf('b').getByRole('button', { name: 'web/api-3, starting' }).waitFor();
    kr = cluster(node('b', pod('api-3'), pod('api-2')));
    await nodeOf('a').waitFor({ state: 'detached' });
    expect(await nodeOf('b').getByRole('button').count()).toBe(2);
  });

  it('lets a successor come from where the pod before it stood', async () => {
    await nodeOf('a').getByRole('button').first().waitFor();
    const flights = page.evaluate(`new Promise((resolve) => {
      const look = () => {
        const flight = document
          .getAnimations()
          .find(({ effect }) => !effect.pseudoElement && effect.getTiming().duration > 500);
        if (!flight) return requestAnimationFrame(look);
        resolve([flight.effect.target.ariaLabel, flight.effect.getKeyframes()[0].transform]);
      };
      look();
    })`);

    kr = cluster(
      node('a', pod('api-1', { state: 'leaving' }), pod('api-2')),
      node('b', pod('api-3', { state: 'starting' })),
    );

    const [name, from] = (await flights) as [string, string];
    expect(name).toBe('web/api-3, starting');
    expect(from).toMatch(/^translate\(-\d+(\.\d+)?px/);
  });

  it('tells the name of the pod under the pointer', async () => {
    await nodeOf('a').getByRole('button', { name: 'web/api-1, running' }).hover();

    await page.locator('.cluster-hint').getByText('web/api-1, running').waitFor();
  });

  it('shows one cluster at a time, and folds away for good', async () => {
    await page.getByRole('button', { name: 'jp' }).click();
    await nodeOf('jp-1').waitFor();
    expect(await nodeOf('a').count()).toBe(0);

    await page.getByRole('button', { name: 'Nodes, pods and budgets' }).click();

    await nodeOf('jp-1').waitFor({ state: 'hidden' });
    await page.reload();
    await page.locator('.cluster-line').getByText('2 nodes · 2 pods').waitFor();
    expect(await nodeOf('a').isVisible()).toBe(false);
  });

  it('has a screen of its own on a phone, with targets for fingers and no scrolling sideways', async () => {
    await page.setViewportSize(PHONE);
    kr = cluster(
      node(
        'a-node-with-a-rather-long-name.ap-northeast-2.compute.internal',
        pod('1', { name: LONG }),
      ),
    );
    await page.locator('.head').getByRole('link', { name: 'Cluster' }).click();
    await page.locator('.cluster h2:focus').waitFor();
    await page.getByRole('button', { name: LONG }).click();
    await page.locator('.cluster-hint').getByText(LONG).waitFor();

    const box = await page.locator('.tile').boundingBox();
    expect([box?.width, box?.height]).toEqual([44, 44]);
    expect(await page.getByTestId('composer').isVisible()).toBe(false);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
  });

  it('leads from step to step by what has happened, and can be put away and fetched again', async () => {
    const step = (id: string) => page.locator(`[data-step=${id}]`);
    await page.getByRole('button', { name: 'Flap' }).click();
    await step('flap').and(page.locator('[data-done]')).waitFor();

    await page.getByRole('button', { name: 'Write' }).click();

    await page.getByText('beginning of #kr-oncall').waitFor();
    expect(await page.getByTestId('composer').inputValue()).toBe('/runbook list');
    expect(workspace.messages('C0KROPS')).toEqual([]);
    await page.getByRole('button', { name: 'Hide the guide' }).click();
    await step('ask').waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('button', { name: 'Show the guide' }).click();
    await step('ask').waitFor();
  });

  it('offers nobody to become who they are already', async () => {
    await page.getByRole('button', { name: 'Flap' }).click();
    await page.getByRole('button', { name: 'Be Jun' }).click();

    await page.getByRole('button', { name: 'Be Jun' }).waitFor({ state: 'detached' });
    expect(await page.getByTestId('act-as').inputValue()).toBe('U0JUN');
  });

  it('comes in well under 200 kB', async () => {
    let bytes = 0;
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });

    await page.reload({ waitUntil: 'load' });
    await page.locator('.node').first().waitFor();

    expect(bytes).toBeGreaterThan(20_000);
    expect(bytes).toBeLessThan(120_000);
  });
});
