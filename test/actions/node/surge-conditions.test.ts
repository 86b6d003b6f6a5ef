import { describe, expect, it } from 'vitest';
import { whyNoSurge } from '../../../src/actions/node/surge-conditions.ts';
import { Deployment } from '../../../src/kubernetes/resources/deployment.ts';

function deployment(spec: object = {}, more: { metadata?: object; status?: object } = {}) {
  const { metadata, ...rest } = more;
  return Deployment.schema.parse({
    metadata: { name: 'api', namespace: 'web', uid: 'u', ...metadata },
    spec: { replicas: 1, ...spec },
    ...rest,
  });
}

function rolling(maxSurge?: number | string, maxUnavailable?: number | string) {
  return deployment({
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
  });
}

describe('a Deployment with one pod is surged', () => {
  it.each([
    ['by the defaults, which are 25% of both', deployment()],
    ['where maxUnavailable rounds down to none', rolling('25%', '99%')],
    ['where maxSurge rounds up to one', rolling('1%', 0)],
    ['where both are numbers', rolling(1, 0)],
    [
      'while its last rollout goes on',
      deployment({}, { status: { conditions: [{ type: 'Progressing', status: 'True' }] } }),
    ],
  ])('%s', (_, one) => {
    expect(whyNoSurge(one)).toBeUndefined();
  });
});

describe('a Deployment is not surged', () => {
  const stuck = {
    type: 'Progressing',
    status: 'False',
    reason: 'ProgressDeadlineExceeded',
    message: 'ReplicaSet "api-2" has timed out progressing.',
  };

  it.each([
    ['with more pods', deployment({ replicas: 2 }), 'it is to have 2 pods'],
    ['that was scaled to none', deployment({ replicas: 0 }), 'it is to have 0 pods'],
    ['that is paused', deployment({ paused: true }), 'its rollouts are paused'],
    ['with Recreate', deployment({ strategy: { type: 'Recreate' } }), 'its strategy is Recreate'],
    ['without room for a second pod', rolling(0, 1), 'its maxUnavailable is 1'],
    ['that makes none', rolling(0, 0), 'its maxSurge is 0, so it makes no second pod'],
    ['that takes the old one first', rolling('100%', '100%'), 'so its old pod goes first'],
    [
      'that is being deleted',
      deployment({}, { metadata: { deletionTimestamp: '2026-11-25T00:00:00Z' } }),
      'it is being deleted',
    ],
    [
      'whose last rollout is stuck: a restart would be stuck like it',
      deployment({}, { status: { conditions: [stuck] } }),
      'its last rollout is stuck (ReplicaSet "api-2" has timed out progressing.)',
    ],
  ])('%s', (_, one, why) => {
    expect(whyNoSurge(one)).toContain(why);
  });
});
