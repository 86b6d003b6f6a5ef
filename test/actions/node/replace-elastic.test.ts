import { afterEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/demo/cluster/model/objects.ts';
import { japanSeed } from '../../../src/demo/cluster/seeds/japan.ts';
import { Node } from '../../../src/kubernetes/resources/node.ts';
import { NodeClaim } from '../../../src/kubernetes/resources/node-claim.ts';
import { type Evening, startEvening } from './evening.ts';

let test: Evening;
afterEach(() => test.stop());

/** The JP cluster of the demo, whose pool is as large as its pods need. */
function elastic(): Manifest[] {
  return japanSeed().map((manifest) => {
    if (manifest.kind !== 'NodePool') return manifest;
    const { replicas: _, ...spec } = manifest['spec'] as Record<string, unknown>;
    return { ...manifest, spec };
  });
}

describe('node/replace in a NodePool without a fixed size', () => {
  it('is done when the node is gone and no pod waits for room, and says that none came', async () => {
    test = await startEvening({ seed: elastic(), node: 'jp-2' });
    await test.plan('node/cordon', {}, { settle: '0s' });
    await test.execute('node/cordon', { input: { settle: '0s' } });
    await test.plan('node/drain');
    await test.execute('node/drain', { input: { maxParallel: 5 } });
    const plan = await test.plan('node/replace');

    const outcome = await test.execute('node/replace');

    expect(plan.warnings.map(({ text }) => text).join()).toContain('promises no new node');
    expect(outcome.summary).toContain('none came in its place');
    expect(outcome.outputs).toMatchObject({ newNode: null, provider: 'karpenter' });
    expect(await test.cluster.find(Node, { name: 'jp-2' })).toBeUndefined();
    expect(await test.cluster.list(NodeClaim)).toHaveLength(2);
  });
});
