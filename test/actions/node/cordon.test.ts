import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cordonNode } from '../../../src/actions/node/cordon.ts';
import { CORDON_MARK } from '../../../src/actions/node/cordon-mark.ts';
import { Node } from '../../../src/kubernetes/resources/node.ts';
import { emptyMemory, executeContext } from '../execute-context.ts';
import { node } from '../manifests.ts';
import { startTestWorld, type TestWorld } from '../test-world.ts';

const input = { node: 'w-1', settle: 0 };
let test: TestWorld;

beforeEach(async () => {
  test = await startTestWorld([node('w-1'), node('w-2')]);
});
afterEach(() => test.stop());

async function cordoned() {
  const context = test.context();
  const plan = await cordonNode.plan(context, input);
  const step = executeContext(context, { memory: emptyMemory(), approved: plan.effects });
  await cordonNode.execute(step, input);
  return {
    plan,
    step,
    undo: executeContext(context, { memory: emptyMemory(), approved: plan.effects, undoing: true }),
  };
}

function current(): Promise<Node> {
  return test.cluster.get(Node, { name: 'w-1' });
}

describe('node/cordon', () => {
  it('marks the node unschedulable, as cordoned by the run', async () => {
    await cordoned();
    const { spec, metadata } = await current();
    expect(spec.unschedulable).toBe(true);
    expect(metadata.annotations[CORDON_MARK]).toBe('run-1');
  });

  it('keeps the annotations that are there', async () => {
    test.world.apply(node('w-1', { metadata: { annotations: { team: 'blue' } } }));
    await cordoned();
    expect((await current()).metadata.annotations).toMatchObject({ team: 'blue' });
  });

  it('plans no effect for a node that somebody else cordoned, says by whom, and leaves it at undo', async () => {
    test.cordon('w-1');
    const { plan, undo } = await cordoned();
    await cordonNode.undo?.(undo, input);
    expect(plan.effects).toEqual([]);
    expect(JSON.stringify(plan.findings)).toContain('somebody else');
    expect((await current()).spec.unschedulable).toBe(true);
  });

  it('changes nothing when somebody cordons between plan and execution', async () => {
    const context = test.context();
    const plan = await cordonNode.plan(context, input);
    test.cordon('w-1');
    const step = executeContext(context, { memory: emptyMemory(), approved: plan.effects });
    const outcome = await cordonNode.execute(step, input);
    expect(outcome).toMatchObject({ changed: false });
    expect((await current()).metadata.annotations[CORDON_MARK]).toBeUndefined();
  });

  it('does not cordon a namesake of the approved node', async () => {
    const context = test.context();
    const plan = await cordonNode.plan(context, input);
    test.world.remove('Node', 'w-1');
    test.world.apply(node('w-1'));
    const step = executeContext(context, { memory: emptyMemory(), approved: plan.effects });
    await cordonNode.execute(step, input);
    expect((await current()).spec.unschedulable).toBe(false);
  });

  it('settles by looking when the process died right after the change', async () => {
    const context = test.context();
    const { effects: approved } = await cordonNode.plan(context, input);
    const memory = emptyMemory();
    const dying = executeContext(context, { memory, approved, diesAfter: () => true });
    await expect(cordonNode.execute(dying, input)).rejects.toMatchObject({ code: 'process_died' });
    const outcome = await cordonNode.execute(executeContext(context, { memory, approved }), input);
    expect(outcome.changed).toBe(true);
    const changes = test.world.requests.filter(
      ({ method, dryRun }) => method === 'PATCH' && !dryRun,
    );
    expect(changes).toHaveLength(1);
  });

  it('uncordons at undo while its mark stands', async () => {
    const { undo } = await cordoned();
    const outcome = await cordonNode.undo?.(undo, input);
    const { spec, metadata } = await current();
    expect(outcome).toMatchObject({ changed: true });
    expect(spec.unschedulable).toBe(false);
    expect(metadata.annotations[CORDON_MARK]).toBeUndefined();
  });

  it('leaves a cordon whose mark another run has taken over, and says so', async () => {
    const { undo } = await cordoned();
    const now = await current();
    test.world.apply(
      node('w-1', {
        metadata: { uid: now.metadata.uid, annotations: { [CORDON_MARK]: 'run-2' } },
        spec: { unschedulable: true },
      }),
    );
    const outcome = await cordonNode.undo?.(undo, input);
    expect(outcome?.left?.join()).toContain('run-2');
    expect((await current()).spec.unschedulable).toBe(true);
  });

  it('leaves the cordon when another actor has claimed the node', async () => {
    const { undo } = await cordoned();
    const now = await current();
    test.world.apply(
      node('w-1', {
        metadata: { uid: now.metadata.uid, annotations: now.metadata.annotations },
        spec: { unschedulable: true, taints: [{ key: 'medik8s.io/drain', effect: 'NoSchedule' }] },
      }),
    );
    const outcome = await cordonNode.undo?.(undo, input);
    expect(outcome?.left?.join()).toContain('medik8s');
    expect((await current()).spec.unschedulable).toBe(true);
  });

  it('has nothing to lift when the node is gone', async () => {
    const { undo } = await cordoned();
    test.world.remove('Node', 'w-1');
    expect(await cordonNode.undo?.(undo, input)).toMatchObject({ changed: false });
  });
});
