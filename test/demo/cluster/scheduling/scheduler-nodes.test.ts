import { describe, expect, it } from 'vitest';
import { node } from '../client.ts';
import { labelled, notHelpful, noVictims, place, refusal, requesting, somePod } from './placing.ts';

const mismatch = "node(s) didn't match Pod's node affinity/selector";
const nodes = [
  labelled('n-1', { disk: 'hdd', cores: '4' }),
  labelled('n-2', { disk: 'ssd', cores: '16' }),
  labelled('n-3', { cores: '8' }),
];

function requiring(...nodeSelectorTerms: object[]) {
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
  return { affinity: { nodeAffinity: required } };
}

function term(...matchExpressions: object[]) {
  return { matchExpressions };
}

const ssd = { key: 'disk', operator: 'In', values: ['ssd'] };
const many = { key: 'cores', operator: 'Gt', values: ['6'] };

describe('a pod that chooses its node', () => {
  it.each([
    ['by nodeSelector', { nodeSelector: { disk: 'ssd' } }, 'n-2'],
    ['with In', requiring(term(ssd)), 'n-2'],
    [
      'with NotIn',
      requiring(term({ key: 'disk', operator: 'NotIn', values: ['hdd', 'ssd'] })),
      'n-3',
    ],
    ['with Exists', requiring(term({ key: 'disk', operator: 'Exists' }, many)), 'n-2'],
    ['with DoesNotExist', requiring(term({ key: 'disk', operator: 'DoesNotExist' })), 'n-3'],
    ['with Gt', requiring(term({ key: 'cores', operator: 'Gt', values: ['8'] })), 'n-2'],
    ['with Lt', requiring(term({ key: 'cores', operator: 'Lt', values: ['8'] })), 'n-1'],
    [
      'by name',
      requiring({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n-3'] }] }),
      'n-3',
    ],
    ['by one of several terms', requiring(term({ ...ssd, values: ['tape'] }), term(ssd)), 'n-2'],
    ['by all expressions of a term', requiring(term(many, { ...ssd, operator: 'NotIn' })), 'n-3'],
    [
      'by selector and affinity together',
      { nodeSelector: { cores: '16' }, ...requiring(term(ssd)) },
      'n-2',
    ],
    ['in vain', { nodeSelector: { disk: 'tape' } }, refusal(3, `3 ${mismatch}`, `3 ${notHelpful}`)],
    [
      'by a term without expressions',
      requiring({}),
      refusal(3, `3 ${mismatch}`, `3 ${notHelpful}`),
    ],
  ])('%s', async (_, spec, expected) => {
    expect(await place(nodes, somePod({ spec }))).toBe(expected);
  });

  it('by name is told of the others only that they are not meant', async () => {
    const field = { key: 'metadata.name', operator: 'In', values: ['n-1'] };
    const resources = { requests: { cpu: '3' } };
    const containers = [{ name: 'main', image: 'registry.example/big:1', resources }];
    const seed = [...nodes, somePod({ node: 'n-1', spec: { containers } })];
    const spec = { containers, ...requiring({ matchFields: [field] }) };
    expect(await place(seed, somePod({ spec }))).toBe(
      refusal(
        3,
        "1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]",
        `1 ${noVictims}, 2 ${notHelpful}`,
      ),
    );
  });
});

function tainted(name: string, taint: object) {
  return { ...node(name), spec: { taints: [{ key: 'gpu', effect: 'NoSchedule', ...taint }] } };
}

const untolerated = (text: string) =>
  refusal(1, `1 node(s) had untolerated taint {${text}}`, `1 ${notHelpful}`);

describe('a taint', () => {
  const everything = [{ operator: 'Exists' }];
  const its = (more: object) => [{ key: 'gpu', ...more }];

  it.each([
    ['keeps pods away', [{ value: 'yes' }, []], untolerated('gpu: yes')],
    ['without a value keeps pods away', [{}, []], untolerated('gpu: ')],
    ['with NoExecute keeps pods away', [{ effect: 'NoExecute' }, []], untolerated('gpu: ')],
    ['lets in who tolerates its value', [{ value: 'yes' }, its({ value: 'yes' })], 'n-1'],
    [
      'keeps out who tolerates another value',
      [{ value: 'yes' }, its({ value: 'no' })],
      untolerated('gpu: yes'),
    ],
    ['lets in who tolerates its key', [{ value: 'yes' }, its({ operator: 'Exists' })], 'n-1'],
    ['lets in who tolerates everything', [{}, everything], 'n-1'],
    [
      'keeps out who tolerates another effect',
      [{}, its({ operator: 'Exists', effect: 'NoExecute' })],
      untolerated('gpu: '),
    ],
    ['with PreferNoSchedule keeps nobody out', [{ effect: 'PreferNoSchedule' }, []], 'n-1'],
  ] as const)('%s', async (_, [taint, tolerations], expected) => {
    expect(await place([tainted('n-1', taint)], somePod({ spec: { tolerations } }))).toBe(expected);
  });

  it('with PreferNoSchedule sends pods elsewhere while there is an elsewhere', async () => {
    const seed = [tainted('n-1', { effect: 'PreferNoSchedule' }), node('n-2')];
    expect(await place(seed, somePod({}))).toBe('n-2');
  });
});

describe('a cordoned node', () => {
  const cordoned = { ...node('n-1'), spec: { unschedulable: true } };

  it('takes no pods', async () => {
    expect(await place([cordoned], somePod({}))).toBe(
      refusal(1, '1 node(s) were unschedulable', `1 ${notHelpful}`),
    );
  });

  it('takes those that tolerate it', async () => {
    const tolerations = [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }];
    expect(await place([cordoned], somePod({ spec: { tolerations } }))).toBe('n-1');
  });
});

it('says so where there is no node at all', async () => {
  expect(await place([], somePod({}))).toBe('no nodes available to schedule pods');
});

it('names each reason with how many nodes it holds for, sorted as texts', async () => {
  const seed = [
    { ...node('n-1'), spec: { unschedulable: true } },
    tainted('n-2', { value: 'yes' }),
    node('n-3', { cpu: '1' }),
    node('n-4', { cpu: '1' }),
    labelled('n-5', { disk: 'hdd' }),
  ];
  const running = [3, 4].map((number) =>
    somePod({ node: `n-${number}`, spec: requesting({ cpu: '500m' }) }),
  );
  const avoid = { key: 'disk', operator: 'DoesNotExist' };
  const spec = requesting({ cpu: '800m' }, requiring(term(avoid)));
  expect(await place([...seed, ...running], somePod({ spec }))).toBe(
    refusal(
      5,
      `1 ${mismatch}, 1 node(s) had untolerated taint {gpu: yes}, 1 node(s) were unschedulable, 2 Insufficient cpu`,
      `2 ${noVictims}, 3 ${notHelpful}`,
    ),
  );
});
