import { z } from 'zod';
import { Duration } from '../../duration.ts';
import { RunbookError } from '../../errors.ts';
import { defineAction, type ExecuteContext } from '../action.ts';
import { stepPlan } from '../step-plan.ts';
import { counted, durationInWords } from '../words.ts';
import { affectedWorkloads, type Expected, whatIsNotBack } from './what-is-not-back.ts';

const Input = z.strictObject({
  node: z.string(),
  /** The tiles that a drain planned, with the ready endpoints that they must have again: `steps.drain.outputs.tiles`. */
  tiles: z
    .array(z.object({ name: z.string(), ready: z.number() }))
    .nullish()
    .transform((tiles) => tiles ?? []),
  /** The node that came in its place: `steps.replace.outputs.newNode`. */
  newNode: z.string().nullish(),
  timeout: Duration.prefault('10m'),
});
type Input = z.infer<typeof Input>;

const LOOK_AGAIN_MS = 5_000;

class NotBackError extends RunbookError {
  constructor(waited: number, missing: readonly string[]) {
    super(
      'not_back',
      `after ${durationInWords(waited)} not all is back: ${missing.join('; ')}. Look at the pods that are named; what was done stays done`,
      { data: { waited, missing } },
    );
  }
}

/** Succeeds only when what was moved is Ready elsewhere, and services have their endpoints again. */
export const verifyNode = defineAction<Input>({
  name: 'node/verify',
  description: 'Waits until the workloads, services and the new node are Ready.',
  risk: 'read',
  input: Input,
  outputs: [],

  async plan(context) {
    const workloads = affectedWorkloads(context.earlier);
    const tiles = context.clusterSettings.tiles.length;
    return stepPlan({
      summary: `verify that ${whatIsBack(workloads.length, tiles)}`,
    });
  },

  async execute(context, input) {
    const expected: Expected = { ...input, workloads: affectedWorkloads(context.earlier) };
    await awaitAllBack(context, { input, expected });
    const tiles = context.clusterSettings.tiles.length;
    const node = input.newNode ? `, and ${input.newNode} is Ready` : '';
    return {
      summary: `${whatIsBack(expected.workloads.length, tiles)}${node}`,
      changed: false,
    };
  },
});

function whatIsBack(workloads: number, tiles: number): string {
  const parts = [
    ...(workloads > 0 ? [counted(workloads, 'workload')] : []),
    ...(tiles > 0 ? [counted(tiles, 'service tile')] : []),
  ];
  if (parts.length === 0) return 'nothing is missing';
  return `${parts.join(' and ')} ${workloads + tiles === 1 ? 'is' : 'are'} back`;
}

/** @throws NotBackError (`not_back`): names what is not */
async function awaitAllBack(
  context: ExecuteContext,
  { input, expected }: { input: Input; expected: Expected },
): Promise<void> {
  const since = context.clock.now();
  for (;;) {
    await context.checkpoint();
    const { checks, missing } = await whatIsNotBack(context, expected);
    if (missing.length === 0) return;
    const waited = context.clock.now() - since;
    if (waited > input.timeout) throw new NotBackError(waited, missing);
    await context.progress({
      done: checks - missing.length,
      total: checks,
      unit: 'checks',
      waiting: missing.slice(0, 3).join('; '),
    });
    await context.clock.sleep(LOOK_AGAIN_MS, context.signal);
  }
}
