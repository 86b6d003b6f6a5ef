import type { Action, Effect, ExecuteContext, StepPlan } from '../../../src/actions/action.ts';
import { allActions } from '../../../src/actions/actions.ts';
import type { Manifest } from '../../../src/demo/cluster/model/objects.ts';
import { koreaSeed } from '../../../src/demo/cluster/seeds/korea.ts';
import { emptyMemory, executeContext, type Memory } from '../execute-context.ts';
import { startTestWorld, type TestWorld } from '../test-world.ts';

type Facts = NonNullable<Parameters<TestWorld['context']>[0]>;
type Life = Partial<Parameters<typeof executeContext>[1]>;

/** The KR cluster of the demo, and steps carried out on its node kr-b-2 as a run would. */
export interface Evening extends TestWorld {
  /** By action name; each step counts on the effects of those before. */
  readonly plans: Map<string, StepPlan>;
  plan(name: string, options?: Facts, input?: object): Promise<StepPlan>;
  execute(
    name: string,
    life?: Life & { input?: object; facts?: Facts },
  ): ReturnType<Action['execute']>;
  undo(name: string): ReturnType<NonNullable<Action['undo']>>;
  memoryOf(name: string): Memory;
}

const NODE = 'kr-b-2';

export async function startEvening(
  { seed, node }: { seed: readonly Manifest[]; node: string } = { seed: koreaSeed(), node: NODE },
): Promise<Evening> {
  const test = await startTestWorld(seed);
  const plans = new Map<string, StepPlan>();
  const memories = new Map<string, Memory>();

  function memoryOf(name: string): Memory {
    const memory = memories.get(name) ?? emptyMemory();
    memories.set(name, memory);
    return memory;
  }

  function earlierThan(name: string): Effect[] {
    const names = [...plans.keys()];
    const before = names.includes(name) ? names.slice(0, names.indexOf(name)) : names;
    return before.flatMap((each) => [...(plans.get(each)?.effects ?? [])]);
  }

  function contextOf(name: string, life: Life & { facts?: Facts }): ExecuteContext {
    const { facts, ...rest } = life;
    const plan = test.context({ earlier: earlierThan(name), ...facts });
    const approved = plans.get(name)?.effects ?? [];
    return executeContext(plan, { memory: memoryOf(name), approved, ...rest });
  }

  return {
    ...test,
    plans,
    memoryOf,
    async plan(name, options, input) {
      const action = actionOf(name);
      const context = test.context({ earlier: earlierThan(name), ...options });
      const plan = await action.plan(context, action.input.parse({ node, ...input }));
      plans.set(name, plan);
      return plan;
    },
    async execute(name, life = {}) {
      const { input, ...rest } = life;
      const action = actionOf(name);
      return action.execute(contextOf(name, rest), action.input.parse({ node, ...input }));
    },
    async undo(name) {
      const action = actionOf(name);
      const undone = await action.undo?.(
        contextOf(name, { undoing: true, memory: emptyMemory() }),
        action.input.parse({ node }),
      );
      if (undone === undefined) throw new Error(`${name} cannot be undone`);
      return undone;
    },
  };
}

function actionOf(name: string): Action {
  const action = allActions.get(name);
  if (action === undefined) throw new Error(`no action ${name}`);
  return action;
}
