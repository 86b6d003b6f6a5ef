import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../../src/demo/cluster/model/objects.ts';
import {
  type Labels,
  labelled,
  notHelpful,
  noVictims,
  place,
  refusal,
  somePod,
  zoned,
} from './placing.ts';

const nodes = zoned({ 'n-1': 'a', 'n-2': 'a', 'n-3': 'b' });

function near(app: string, more: object = {}) {
  return { topologyKey: 'zone', labelSelector: { matchLabels: { app } }, ...more };
}

function requiring(which: 'podAffinity' | 'podAntiAffinity', ...terms: object[]) {
  return { affinity: { [which]: { requiredDuringSchedulingIgnoredDuringExecution: terms } } };
}

const together = (...terms: object[]) => requiring('podAffinity', ...terms);
const apart = (...terms: object[]) => requiring('podAntiAffinity', ...terms);

function preferring(which: 'podAffinity' | 'podAntiAffinity', term: object, weight = 100) {
  const preferred = [{ weight, podAffinityTerm: term }];
  return { affinity: { [which]: { preferredDuringSchedulingIgnoredDuringExecution: preferred } } };
}

function running(node: string, app: string, more: object = {}): Manifest {
  return somePod({ node, labels: { app }, ...more });
}

function namespace(name: string, labels: Labels): Manifest {
  const metadata = { name, labels };
  return { apiVersion: 'v1', kind: 'Namespace', metadata, status: { phase: 'Active' } };
}

const alone = (count: number) =>
  refusal(count, `${count} node(s) didn't match pod affinity rules`, `${count} ${notHelpful}`);
const hostname = { topologyKey: 'kubernetes.io/hostname' };
const cacheInOther = running('n-3', 'cache', { namespace: 'other' });

describe('a pod that must be with others', () => {
  it.each([
    ['goes into their zone', [[running('n-3', 'cache')], [near('cache')]], 'n-3'],
    ['goes to their node', [[running('n-2', 'cache')], [near('cache', hostname)]], 'n-2'],
    ['waits where there are none', [[], [near('cache')]], alone(3)],
    ['does not find them in another namespace', [[cacheInOther], [near('cache')]], alone(3)],
    [
      'finds them in a namespace that it names',
      [[cacheInOther], [near('cache', { namespaces: ['other'] })]],
      'n-3',
    ],
    [
      'finds them in a namespace that it selects',
      [
        [namespace('other', { team: 'x' }), cacheInOther],
        [near('cache', { namespaceSelector: { matchLabels: { team: 'x' } } })],
      ],
      'n-3',
    ],
    [
      'finds them in all namespaces with an empty selector',
      [[cacheInOther], [near('cache', { namespaceSelector: {} })]],
      'n-3',
    ],
    [
      'wants every pod to meet all its terms',
      [
        [running('n-3', 'cache'), running('n-1', 'db')],
        [near('cache'), near('db')],
      ],
      alone(3),
    ],
    ['may be the first of its own kind', [[], [near('web')]], 'n-1'],
  ] as const)('%s', async (_, [others, terms], expected) => {
    const pod = somePod({ labels: { app: 'web' }, spec: together(...terms) });
    expect(await place([...nodes, ...others], pod)).toBe(expected);
  });

  it('goes to no node that is in no zone', async () => {
    const seed = [labelled('n-1', {}), running('n-1', 'cache')];
    expect(await place(seed, somePod({ spec: together(near('cache')) }))).toBe(alone(1));
  });
});

describe('a pod that must be without others', () => {
  it.each([
    ['stays out of their zone', [[running('n-1', 'web')], [near('web')]], 'n-3'],
    ['stays off their node', [[running('n-1', 'web')], [near('web', hostname)]], 'n-2'],
    [
      'waits where they are everywhere',
      [[running('n-1', 'web'), running('n-3', 'web')], [near('web')]],
      refusal(3, "3 node(s) didn't match pod anti-affinity rules", `3 ${noVictims}`),
    ],
    [
      'stays away from those that meet any of its terms',
      [
        [running('n-1', 'db'), running('n-2', 'web')],
        [near('db', hostname), near('web', hostname)],
      ],
      'n-3',
    ],
    [
      'does not mind those that have ended',
      [[{ ...running('n-1', 'web'), status: { phase: 'Succeeded' } }], [near('web')]],
      'n-1',
    ],
  ] as const)('%s', async (_, [others, terms], expected) => {
    const pod = somePod({ labels: { app: 'web' }, spec: apart(...terms) });
    expect(await place([...nodes, ...others], pod)).toBe(expected);
  });

  it('keeps out later ones that would not mind it', async () => {
    const shy = [running('n-1', 'db', { spec: apart(near('web')) })];
    const web = () => somePod({ labels: { app: 'web' } });
    expect(await place([...nodes, ...shy], web())).toBe('n-3');
    expect(await place([...nodes.slice(0, 2), ...shy], web())).toBe(
      refusal(2, "2 node(s) didn't satisfy existing pods anti-affinity rules", `2 ${noVictims}`),
    );
  });

  it('keeps out later ones of its own namespace only', async () => {
    const shy = running('n-1', 'db', { spec: apart(near('web')) });
    const elsewhere = somePod({ labels: { app: 'web' }, namespace: 'other' });
    expect(
      await place(
        [nodes[0], shy].filter((each) => each !== undefined),
        elsewhere,
      ),
    ).toBe('n-1');
  });
});

describe('a pod that would rather', () => {
  it.each([
    [
      'be with others goes to them',
      running('n-3', 'cache'),
      preferring('podAffinity', near('cache')),
    ],
    [
      'be without others goes elsewhere',
      running('n-1', 'db'),
      preferring('podAntiAffinity', near('db')),
    ],
  ])('%s', async (_, other, spec) => {
    expect(await place([...nodes, other], somePod({ spec }))).toBe('n-3');
  });

  it('be without others goes to them where there is nothing else', async () => {
    const spec = preferring('podAntiAffinity', near('db'));
    const seed = [...nodes.slice(0, 1), running('n-1', 'db')];
    expect(await place(seed, somePod({ spec }))).toBe('n-1');
  });

  it.each([
    ['wish for it', preferring('podAffinity', near('web')), 'n-3'],
    ['need others of its kind', together(near('web')), 'n-3'],
    ['would rather be without it', preferring('podAntiAffinity', near('web')), 'n-1'],
  ])('is drawn and kept off by those that %s', async (_, spec, expected) => {
    const seed = [...nodes, running('n-3', 'cache', { spec })];
    expect(await place(seed, somePod({ labels: { app: 'web' } }))).toBe(expected);
  });

  it('weighs its wishes for nodes', async () => {
    const preference = (zone: string, weight: number) => ({
      weight,
      preference: { matchExpressions: [{ key: 'zone', operator: 'In', values: [zone] }] },
    });
    const preferred = [preference('a', 10), preference('b', 20)];
    const nodeAffinity = { preferredDuringSchedulingIgnoredDuringExecution: preferred };
    expect(await place(nodes, somePod({ spec: { affinity: { nodeAffinity } } }))).toBe('n-3');
  });
});
