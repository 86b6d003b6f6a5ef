import { describe, expect, it } from 'vitest';
import { budgetsOf, outlookOf } from '../../src/actions/budget-outlook.ts';
import { DisruptionBudget } from '../../src/kubernetes/resources/disruption-budget.ts';
import { Pod } from '../../src/kubernetes/resources/pod.ts';

function pod(status: object = {}, ready = 'True'): Pod {
  return Pod.schema.parse({
    metadata: { name: 'api-1', namespace: 'web', uid: 'u', labels: { app: 'api', tier: 'front' } },
    spec: {},
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready }], ...status },
  });
}

function budget(spec: object, status: object = {}): DisruptionBudget {
  return DisruptionBudget.schema.parse({
    metadata: { name: 'api', namespace: 'web', uid: 'b', generation: 1 },
    spec: { selector: {}, ...spec },
    status: {
      observedGeneration: 1,
      disruptionsAllowed: 0,
      currentHealthy: 2,
      desiredHealthy: 2,
      expectedPods: 3,
      ...status,
    },
  });
}

describe('the outlook of a pod under its budgets', () => {
  it('waits, with the numbers, where healthy pods are missing', () => {
    const outlook = outlookOf(pod(), [budget({ minAvailable: 2 })]);
    expect(outlook).toMatchObject({
      status: 'waits',
      why: 'budget web/api: needs 2 healthy, has 2',
    });
  });

  it.each([
    ['maxUnavailable 0', { maxUnavailable: 0 }, {}],
    ['maxUnavailable 0%', { maxUnavailable: '0%' }, {}],
    ['minAvailable 100%', { minAvailable: '100%' }, {}],
    ['minAvailable of all', { minAvailable: 3 }, {}],
    ['a percentage that rounds up to all', { minAvailable: '67%' }, {}],
    [
      'one replica that must be available',
      { minAvailable: 1 },
      { expectedPods: 1, desiredHealthy: 1 },
    ],
    [
      'a selector that cannot be counted',
      { maxUnavailable: 1 },
      { conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'SyncFailed' }] },
    ],
  ])('is never for %s', (_, spec, status) => {
    expect(outlookOf(pod(), [budget(spec, status)]).status).toBe('never');
  });

  it('allows while the budget has room, even one that is full most of the time', () => {
    const surging = budget({ minAvailable: 3 }, { disruptionsAllowed: 1, currentHealthy: 4 });
    expect(outlookOf(pod(), [surging])).toMatchObject({ status: 'allows', allowed: 1 });
  });

  it('waits for a budget that was changed and not counted since', () => {
    const stale = budget({ minAvailable: 1 }, { observedGeneration: 0, disruptionsAllowed: 5 });
    expect(outlookOf(pod(), [stale]).status).toBe('waits');
  });

  it.each(['Pending', 'Succeeded', 'Failed'])('does not hold a pod that is %s', (phase) => {
    expect(outlookOf(pod({ phase }), [budget({ maxUnavailable: 0 })]).status).toBe('free');
  });

  it.each([
    ['AlwaysAllow', {}, 'free'],
    ['IfHealthyBudget', {}, 'free'],
    ['IfHealthyBudget', { currentHealthy: 1 }, 'waits'],
    [undefined, { currentHealthy: 1 }, 'waits'],
    ['SomethingNew', {}, 'never'],
  ])('judges an unready pod under policy %s by %o as %s', (policy, status, verdict) => {
    const spec = { minAvailable: 2, ...(policy && { unhealthyPodEvictionPolicy: policy }) };
    expect(outlookOf(pod({}, 'False'), [budget(spec, status)]).status).toBe(verdict);
  });

  it('is never under two budgets', () => {
    const roomy = budget({ minAvailable: 0 }, { disruptionsAllowed: 3 });
    expect(outlookOf(pod(), [roomy, roomy])).toMatchObject({ status: 'never' });
  });
});

describe('the budgets of a pod', () => {
  it.each([
    ['an empty selector', {}, 1],
    ['no selector', null, 0],
    ['matching labels', { matchLabels: { app: 'api' } }, 1],
    ['other labels', { matchLabels: { app: 'web' } }, 0],
    ['In', { matchExpressions: [{ key: 'app', operator: 'In', values: ['api', 'x'] }] }, 1],
    ['NotIn', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['api'] }] }, 0],
    [
      'NotIn of an absent label',
      { matchExpressions: [{ key: 'no', operator: 'NotIn', values: ['x'] }] },
      1,
    ],
    ['Exists', { matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, 1],
    ['DoesNotExist', { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, 0],
  ])('with %s', (_, selector, count) => {
    expect(budgetsOf(pod(), [budget({ selector })])).toHaveLength(count);
  });

  it('are none of another namespace', () => {
    const other = budget({});
    const elsewhere = { ...other, metadata: { ...other.metadata, namespace: 'shop' } };
    expect(budgetsOf(pod(), [elsewhere])).toEqual([]);
  });
});
