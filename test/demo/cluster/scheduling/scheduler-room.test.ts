import { describe, expect, it } from 'vitest';
import { node } from '../client.ts';
import { notHelpful, noVictims, place, refusal, requesting, somePod } from './placing.ts';

describe('the room of a node', () => {
  const small = { cpu: '2', memory: '2Gi', pods: '3', 'nvidia.com/gpu': '1' };
  const pods = (requests: Record<string, string>, count = 1) =>
    Array.from({ length: count }, () => somePod({ node: 'n-1', spec: requesting(requests) }));
  const init = (requests: Record<string, string>, more: object = {}) => ({
    initContainers: [{ name: 'before', image: 'i', resources: { requests }, ...more }],
  });

  const notEnough = (what: string, victims = noVictims) =>
    refusal(1, `1 Insufficient ${what}`, `1 ${victims}`);
  const big = init({ cpu: '3' });
  const sidecar = init({ cpu: '1500m' }, { restartPolicy: 'Always' });
  const gpu = { 'nvidia.com/gpu': '1' };
  const both = { cpu: '1500m', memory: '1500Mi' };

  it.each([
    ['is counted in requests', [pods({ cpu: '1500m' }), requesting({ cpu: '500m' })], 'n-1'],
    ['runs out of cpu', [pods({ cpu: '1500m' }), requesting({ cpu: '501m' })], notEnough('cpu')],
    [
      'may be too small even when it is empty',
      [[], requesting({ cpu: '3' })],
      notEnough('cpu', notHelpful),
    ],
    [
      'runs out of memory and cpu',
      [pods({ cpu: '1', memory: '1Gi' }), requesting(both)],
      notEnough('cpu, 1 Insufficient memory'),
    ],
    [
      'runs out of pods',
      [pods({}, 3), requesting({})],
      refusal(1, '1 Too many pods', `1 ${noVictims}`),
    ],
    ['runs out of devices', [pods(gpu), requesting(gpu)], notEnough('nvidia.com/gpu')],
    [
      'must do for the largest init container',
      [[], requesting({ cpu: '1' }, big)],
      notEnough('cpu', notHelpful),
    ],
    [
      'must do for containers and sidecars together',
      [[], requesting({ cpu: '1' }, sidecar)],
      notEnough('cpu', notHelpful),
    ],
    [
      'must do for the overhead of the pod',
      [pods({ cpu: '1' }), requesting({ cpu: '1' }, { overhead: { cpu: '1m' } })],
      notEnough('cpu'),
    ],
  ] as const)('%s', async (_, [running, spec], expected) => {
    expect(await place([node('n-1', small), ...running], somePod({ spec }))).toBe(expected);
  });

  it('is used up exactly by fractions of a core', async () => {
    const seed = [node('n-1', { cpu: '300m' }), ...pods({ cpu: '100m' })];
    expect(await place(seed, somePod({ spec: requesting({ cpu: '200m' }) }))).toBe('n-1');
  });

  it('is not taken up by pods that have ended', async () => {
    const ended = {
      ...somePod({ node: 'n-1', spec: requesting({ cpu: '2' }) }),
      status: { phase: 'Succeeded' },
    };
    expect(
      await place([node('n-1', small), ended], somePod({ spec: requesting({ cpu: '2' }) })),
    ).toBe('n-1');
  });

  it('is not preempted for a pod that never preempts', async () => {
    const spec = requesting({ cpu: '2' }, { preemptionPolicy: 'Never' });
    expect(await place([node('n-1', small), ...pods({ cpu: '1' })], somePod({ spec }))).toBe(
      '0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.',
    );
  });
});

describe('a port of the host', () => {
  const listening = (hostPort: number, protocol?: string) => ({
    containers: [
      {
        name: 'main',
        image: 'i',
        ports: [{ containerPort: 80, hostPort, ...(protocol && { protocol }) }],
      },
    ],
  });

  const taken = refusal(
    1,
    "1 node(s) didn't have free ports for the requested pod ports",
    `1 ${noVictims}`,
  );

  it.each([
    ['is free on another node', [['n-1', 'n-2'], listening(80)], 'n-2'],
    ['is free where another one is taken', [['n-1'], listening(81)], 'n-1'],
    ['is free for another protocol', [['n-1'], listening(80, 'UDP')], 'n-1'],
    ['may be taken', [['n-1'], listening(80)], taken],
  ] as const)('%s', async (_, [names, spec], expected) => {
    const running = somePod({ node: 'n-1', spec: listening(80) });
    const seed = [...names.map((name) => node(name)), running];
    expect(await place(seed, somePod({ spec }))).toBe(expected);
  });
});
