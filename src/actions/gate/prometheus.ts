import { z } from 'zod';
import { Duration } from '../../duration.ts';
import { defineAction } from '../action.ts';
import { stepPlan } from '../step-plan.ts';
import { counted } from '../words.ts';
import { fetchText } from './fetch-text.ts';
import { awaitGate, type Look } from './gate-loop.ts';

const COMPARISONS = {
  '<': (value: number, limit: number) => value < limit,
  '<=': (value: number, limit: number) => value <= limit,
  '>': (value: number, limit: number) => value > limit,
  '>=': (value: number, limit: number) => value >= limit,
  '==': (value: number, limit: number) => value === limit,
  '!=': (value: number, limit: number) => value !== limit,
};

const Input = z.strictObject({
  /** The server's base URL, to which `/api/v1/query` is appended. */
  url: z.url({ protocol: /^https?$/ }),
  query: z.string().min(1),
  op: z.enum(['<', '<=', '>', '>=', '==', '!=']),
  value: z.number(),
  consecutive: z.number().int().min(1).max(100).default(3),
  interval: Duration.prefault('15s'),
  timeout: Duration.prefault('10m'),
});
type Input = z.infer<typeof Input>;

const Sample = z.tuple([z.number(), z.string()]);
/** @see https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
const QueryAnswer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: Sample })) }),
      z.object({ resultType: z.literal('scalar'), result: Sample }),
    ]),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
]);

/** Lets a run go on only when a query holds for every series that it gives, several times in a row. */
export const prometheusGate = defineAction<Input>({
  name: 'gate/prometheus',
  description: 'Waits until a Prometheus query holds, several times in a row.',
  risk: 'read',
  input: Input,
  outputs: [],

  async plan(_context, input) {
    return stepPlan({
      summary: `ask Prometheus whether ${asks(input)} until it holds ${counted(input.consecutive, 'time')} in a row`,
    });
  },

  execute(context, input) {
    return awaitGate(context, { ...input, asks: asks(input) }, (signal) => look(input, signal));
  },
});

function asks({ query, op, value }: Input): string {
  return `${query} ${op} ${value}`;
}

async function look(input: Input, signal: AbortSignal): Promise<Look> {
  const answer = await fetchText(queryUrl(input), signal);
  if (answer.status === 'failed') return { open: false, seen: `no answer (${answer.why})` };
  const parsed = QueryAnswer.safeParse(parseJson(answer.body));
  if (!parsed.success) return { open: false, seen: `an unexpected answer (HTTP ${answer.code})` };
  if (parsed.data.status === 'error') {
    return { open: false, seen: `the query failed: ${parsed.data.error}` };
  }
  const { data } = parsed.data;
  const samples =
    data.resultType === 'scalar' ? [data.result] : data.result.map(({ value }) => value);
  return judge(
    samples.map(([, value]) => toNumber(value)),
    input,
  );
}

/** No data is not good news, and NaN is no number: both hold the gate shut. */
function judge(values: readonly number[], { op, value: limit }: Input): Look {
  if (values.length === 0) return { open: false, seen: 'no data' };
  if (values.some(Number.isNaN)) return { open: false, seen: 'NaN, which is no data' };
  const failing = values.find((value) => !COMPARISONS[op](value, limit));
  return failing === undefined
    ? { open: true, seen: `value ${values.slice(0, 3).join(', ')}` }
    : { open: false, seen: `value ${failing}` };
}

function queryUrl({ url, query }: Input): string {
  const base = new URL(url);
  base.pathname = `${base.pathname.replace(/\/$/, '')}/api/v1/query`;
  base.searchParams.set('query', query);
  return base.href;
}

/** Prometheus writes `NaN`, `+Inf` and `-Inf` as such. */
function toNumber(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
