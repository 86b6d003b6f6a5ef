import { z } from 'zod';
import { Duration, LastingDuration } from '../duration.ts';
import { INPUT_TYPES } from './runbook.ts';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const IDENTIFIER = /^[a-zA-Z][a-zA-Z0-9]*([-_][a-zA-Z0-9]+)*$/;

const Identifier = z.string().max(40, { error: 'at most 40 characters' }).regex(IDENTIFIER, {
  error: 'expected letters, digits and single - or _, beginning with a letter',
});

const Input = z.strictObject({
  type: z.enum(INPUT_TYPES).describe('what kind of value it is'),
  title: z.string().min(1).max(60).optional().describe('label in forms; without it, its name'),
  description: z.string().min(1).max(150).optional().describe('one sentence under the field'),
  required: z.boolean().optional().describe('true unless there is a default'),
  default: z
    .union([z.string(), z.boolean(), z.number()], {
      error: 'expected a text, a number, or true or false',
    })
    .optional()
    .describe('taken where nothing is given'),
  choices: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('for type choice: what to pick from'),
  target: z.literal(true).optional().describe('what a run acts on; without it, the first input'),
});
export type InputFile = z.infer<typeof Input>;

const Retry = z.strictObject({
  attempts: z.int().min(1).max(10).default(1).describe('how often it is tried in all'),
  backoff: Duration.prefault('10s').describe('pause before the next attempt'),
});

const Step = z.strictObject({
  id: Identifier.describe('name of the step in this runbook: steps.ID.outputs'),
  uses: z.string().min(1).describe('the action, such as node/drain'),
  with: z.record(Identifier, z.json()).default({}).describe('inputs of the action'),
  if: z
    .union([z.string().min(1), z.boolean()], { error: 'expected an expression, or true or false' })
    .optional()
    .describe('CEL expression: the step is skipped where it is false'),
  approval: z
    .enum(['policy', 'always', 'never'])
    .default('policy')
    .describe(
      'policy: as the settings say; always: asked for in any case; never: not for this step',
    ),
  undo: z
    .boolean()
    .optional()
    .describe('taken back when the run does not succeed; true where possible'),
  timeout: LastingDuration.prefault('30m').describe('how long the step may take, such as 30m'),
  retry: Retry.prefault({}),
});
export type StepFile = z.infer<typeof Step>;

const On = z.strictObject({
  command: z.boolean().default(true).describe('people may start it with /runbook'),
});

/** A runbook as it is written in `runbooks/NAME.yml`. */
export const RunbookFile = z.strictObject({
  name: z
    .string()
    .max(40, { error: 'at most 40 characters' })
    .regex(NAME, { error: 'expected lower-case words joined by hyphens, such as node-unstable' })
    .describe('the same as the name of the file'),
  title: z.string().min(1).max(75).describe('a few words, as people see them'),
  description: z.string().min(1).max(500).describe('what it does and when to use it'),
  inputs: z.record(Identifier, Input).describe('what it asks for, by name'),
  on: On.prefault({}).describe('what may start it'),
  steps: z.array(Step).min(1, { error: 'at least one step is needed' }),
});
export type RunbookFile = z.infer<typeof RunbookFile>;
