import { Duration } from '../duration.ts';
import type { Json } from '../json.ts';
import { say, type Text } from '../language/text.ts';
import { parseImageReference } from './image-reference.ts';
import type { InputDefinition, InputType } from './runbook.ts';

/** How values of one type are read: the canonical value, or undefined where the text is none. */
interface InputTypeRules {
  read(text: string, input: Pick<InputDefinition, 'choices'>): Json | undefined;
  /** What a value looks like, for messages. */
  readonly example: string;
  readonly expected: Text;
}

const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const QUANTITY = /^(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$/;

const KINDS: Readonly<Record<string, string>> = {
  deploy: 'deployment',
  deployment: 'deployment',
  deployments: 'deployment',
  sts: 'statefulset',
  statefulset: 'statefulset',
  statefulsets: 'statefulset',
  ds: 'daemonset',
  daemonset: 'daemonset',
  daemonsets: 'daemonset',
  job: 'job',
  jobs: 'job',
  cj: 'cronjob',
  cronjob: 'cronjob',
  cronjobs: 'cronjob',
};

const TRUE = new Set(['true', 'yes', 'on', '1']);
const FALSE = new Set(['false', 'no', 'off', '0']);

export const INPUT_TYPE_RULES: Readonly<Record<InputType, InputTypeRules>> = {
  node: {
    read: matching(SUBDOMAIN),
    example: 'kr-b-2',
    expected: say('the name of a node'),
  },
  namespace: {
    read: matching(LABEL),
    example: 'payments',
    expected: say('the name of a namespace'),
  },
  workload: {
    read: readWorkload,
    example: 'deployment/payments/api',
    expected: say('a workload as [kind/]namespace/name'),
  },
  image: {
    read: (text) => (parseImageReference(text) ? text : undefined),
    example: 'registry.example.com/team/app:1.4.2',
    expected: say('an image reference'),
  },
  duration: { read: readDuration, example: '30m', expected: say('a duration') },
  quantity: { read: matching(QUANTITY), example: '4', expected: say('a Kubernetes quantity') },
  boolean: { read: readBoolean, example: 'true', expected: say('true or false') },
  string: { read: readLine, example: '"a few words"', expected: say('one line of text') },
  choice: {
    read: (text, { choices }) => choices.find((c) => c.toLowerCase() === text.toLowerCase()),
    example: '',
    expected: say('one of the choices'),
  },
};

function matching(pattern: RegExp): (text: string) => string | undefined {
  return (text) => (text.length <= 512 && pattern.test(text) ? text : undefined);
}

/** With its kind spelt out where one is given. */
function readWorkload(text: string): string | undefined {
  const parts = text.split('/');
  const name = parts.at(-1) ?? '';
  const namespace = parts.at(-2) ?? '';
  if (parts.length > 3 || !LABEL.test(namespace) || !SUBDOMAIN.test(name)) return undefined;
  if (parts.length === 2) return text;
  const kind = KINDS[parts[0]?.toLowerCase() ?? ''];
  return kind && `${kind}/${namespace}/${name}`;
}

/** In hours where days were written: CEL's `duration()` knows no days. */
function readDuration(text: string): string | undefined {
  if (!Duration.safeParse(text).success) return undefined;
  return text.replace(/([0-9]+)d/g, (_, days: string) => `${Number(days) * 24}h`);
}

function readBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (TRUE.has(word)) return true;
  return FALSE.has(word) ? false : undefined;
}

function readLine(text: string): string | undefined {
  return text.length <= 500 && !/\p{Cc}/u.test(text) ? text : undefined;
}
