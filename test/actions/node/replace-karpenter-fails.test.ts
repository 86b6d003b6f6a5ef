import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { japanSeed } from '../../../src/demo/cluster/seeds.ts';
import type { Evening } from './evening.ts';
import { replaceInTime, startEmpty } from './failing-replacement.ts';

let test: Evening;

beforeEach(async () => {
  test = await startEmpty(japanSeed(), 'jp-2');
});
afterEach(() => test.stop());

const within = 'step_timeout: the machine of jp-2 was not replaced within 1s: ';
const twoOfThree = 'has 2 of 3 nodes Ready';
const oneShort = /Left behind: node jp-2 is gone; group \S+ is 1 node short\. /;
const stillThere = 'Left behind: node jp-2 is still there, cordoned, being deleted, Ready. ';

describe('node/replace by Karpenter ends in time and says why, what is left and what to do', () => {
  it.each([
    [
      'there is no capacity',
      'no-capacity',
      [
        'Karpenter says: InsufficientCapacityError: NodeClaim',
        'event: creating instance, insufficient capacity, InsufficientInstanceCapacity: We currently',
        'use other instance types or zones, or wait for capacity: Karpenter tries again by itself.',
      ],
    ],
    [
      'the cloud refuses',
      'fails',
      [
        'is not Launched (LaunchFailed: creating instance, UnauthorizedOperation: You are not authorized to perform this operation.)',
      ],
    ],
    [
      'the node never registers',
      'never-joins',
      ['is not Registered (NodeNotFound: Node not registered with cluster)'],
    ],
    [
      'the node is never Ready',
      'never-ready',
      [
        'is not Initialized (NodeNotReady: Node status is NotReady)',
        'not Ready (KubeletNotReady: container runtime network not ready:',
        '`kubectl describe node jp-4`',
      ],
    ],
  ] as const)('where %s', async (_, arrival, texts) => {
    test.world.setInfrastructure({ arrival });
    const end = await replaceInTime(test);
    for (const text of [within, twoOfThree, ...texts]) expect(end).toContain(text);
    expect(end).toMatch(oneShort);
  });

  it('where the instance does not end', async () => {
    test.world.setInfrastructure({ departure: 'hangs' });
    const end = await replaceInTime(test);
    expect(end).toContain(within);
    expect(end).toContain('is being deleted: the instance is ending');
    expect(end).toContain(stillThere);
    expect(end).toContain('See at the cloud why the instance of NodeClaim');
  });
});
