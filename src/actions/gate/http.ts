import { z } from 'zod';
import { Duration } from '../../duration.ts';
import { defineAction } from '../action.ts';
import { stepPlan } from '../step-plan.ts';
import { counted } from '../words.ts';
import { fetchText } from './fetch-text.ts';
import { awaitGate, type Look } from './gate-loop.ts';

const Input = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  status: z.number().int().min(100).max(599).default(200),
  /** A text that the answer must hold. */
  contains: z.string().optional(),
  consecutive: z.number().int().min(1).max(100).default(3),
  interval: Duration.prefault('5s'),
  timeout: Duration.prefault('5m'),
});
type Input = z.infer<typeof Input>;

/** Lets a run go on only when a URL answers as expected, several times in a row. */
export const httpGate = defineAction<Input>({
  name: 'gate/http',
  description: 'Waits until a URL answers as expected, several times in a row.',
  risk: 'read',
  input: Input,
  outputs: [],

  async plan(_context, input) {
    return stepPlan({
      summary: `ask ${asks(input)} until it holds ${counted(input.consecutive, 'time')} in a row`,
    });
  },

  execute(context, input) {
    return awaitGate(context, { ...input, asks: asks(input) }, (signal) => look(input, signal));
  },
});

function asks({ url, status, contains }: Input): string {
  return `GET ${url} gives ${status}${contains === undefined ? '' : ` with "${contains}"`}`;
}

async function look({ url, status, contains }: Input, signal: AbortSignal): Promise<Look> {
  const answer = await fetchText(url, signal);
  if (answer.status === 'failed') return { open: false, seen: `no answer (${answer.why})` };
  if (answer.code !== status) return { open: false, seen: `it gave ${answer.code}` };
  if (contains !== undefined && !answer.body.includes(contains)) {
    return { open: false, seen: `it gave ${answer.code} without "${contains}"` };
  }
  return { open: true, seen: `it gave ${answer.code}` };
}
