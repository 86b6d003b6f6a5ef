import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { koreaSeed } from '../../../src/demo/cluster/seeds.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import { FirstRun } from '../../../src/demo/panel/first-run.ts';
import type { StoredMessage } from '../../../src/demo/workspace/model.ts';

describe('the guide through a first run', () => {
  let cluster: SimulatedCluster;
  let guide: FirstRun;
  let messages: StoredMessage[];

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ name: 'kr', region: 'kr', seed: koreaSeed() });
    guide = new FirstRun(cluster.world);
    messages = [];
  });
  afterEach(async () => {
    guide.stop();
    await cluster.stop();
  });

  const done = () =>
    guide
      .steps(() => messages)
      .filter(({ isDone }) => isDone)
      .map(({ id }) => id);
  const ready = () => {
    const status = cluster.world.get('Node', 'kr-b-2')?.status as {
      conditions: { type: string; status: string }[];
    };
    return status.conditions.find(({ type }) => type === 'Ready')?.status;
  };
  const say = (user: string, text: string) =>
    messages.push({ channel: 'C0KROPS', ts: '1.000000', user, text, blocks: [] });

  it('begins with nothing done, and offers one thing to do in each step', () => {
    expect(done()).toEqual([]);
    expect(
      guide.steps(() => messages).map(({ offers }) => offers.map((offer) => offer.do)),
    ).toEqual([['control'], ['compose'], ['act_as'], ['show_cluster']]);
  });

  it('makes the node say NotReady, and ticks the step off by what the node says', async () => {
    guide.control('flap');

    await vi.waitFor(() => expect(ready()).toBe('False'));
    expect(done()).toEqual(['flap']);
    guide.stop();
    await vi.waitFor(() => expect(ready()).toBe('True'));
    expect(done()).toEqual(['flap']);
  });

  it('leaves no node NotReady when the demo was killed in the middle of it', async () => {
    guide.control('flap');
    await vi.waitFor(() => expect(ready()).toBe('False'));

    const next = new FirstRun(cluster.world);

    await vi.waitFor(() => expect(ready()).toBe('True'));
    next.stop();
  });

  it('takes a plan of the app for asked, and nothing else', () => {
    say('U0MINA', 'shall I run node-unstable kr-b-2?');
    say('U0HANDRAIL', 'node-unstable kr-b-1 in kr: waiting for approval');
    expect(done()).toEqual([]);

    say('U0HANDRAIL', 'node-unstable kr-b-2 in kr: waiting for approval');

    expect(done()).toEqual(['flap', 'ask']);
  });

  it('takes the cordon for approved, and the new machine for the end', async () => {
    const { world } = cluster;
    const node = world.get('Node', 'kr-b-2');
    world.apply({ ...node, spec: { unschedulable: true } } as never);
    expect(done()).toEqual(['flap', 'ask', 'approve']);

    const response = await fetch(
      `${cluster.url}/apis/cluster.x-k8s.io/v1beta2/namespaces/capi-system/machines/kr-b-2-x7k`,
      { method: 'DELETE', headers: { authorization: `Bearer ${cluster.token}` } },
    );

    expect(response.status).toBe(200);
    await vi.waitFor(() => expect(done()).toEqual(['flap', 'ask', 'approve', 'watch']), 5000);
    expect(() => guide.control('flap')).toThrow('it has been replaced');
  });
});
