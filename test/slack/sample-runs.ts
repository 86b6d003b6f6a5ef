import type { Person } from '../../src/runs/run.ts';
import type {
  ShownApproval,
  ShownEffect,
  ShownFindingLine,
  ShownPlan,
  ShownRun,
  ShownStepState,
} from '../../src/runs/shown-run.ts';

const mina: Person = { kind: 'slack', id: 'U0MINA', name: 'Mina Park' };
export const jun: Person = { kind: 'slack', id: 'U0JUN', name: 'Jun Seo' };
export const AT = Date.UTC(2026, 10, 24, 12, 40, 11);
export const CHANNEL = 'C0KROPS';

function cordon(): ShownEffect {
  return {
    verb: 'cordon',
    object: { kind: 'Node', name: 'kr-b-2', uid: 'node-uid' },
    before: { unschedulable: false },
    after: { unschedulable: true },
    risk: 'reversible',
    undo: 'uncordon it, if our mark still stands',
  };
}

export function evict(name: string, namespace = 'payments'): ShownEffect {
  return {
    verb: 'evict',
    object: { kind: 'Pod', namespace, name, uid: `uid-${name}` },
    before: { node: 'kr-b-2' },
    after: {},
    risk: 'destructive',
  };
}

function podLine(index: number): ShownFindingLine {
  if (index % 50 === 49) {
    return {
      subject: `payments/api-${index}`,
      verdict: 'waits',
      detail: 'budget payments/api: needs 2, has 2',
    };
  }
  return { subject: `payments/worker-${index}-7c9d8b6f5-x2x4z`, verdict: 'leaves now' };
}

export function plan(pods: number, changes: Partial<ShownPlan> = {}): ShownPlan {
  const step = { findings: [], warnings: [], blockers: [], tiles: [], outputs: {} };
  return {
    headline: `Cordon kr-b-2, drain its ${pods} pods and replace the machine.`,
    steps: [
      {
        ...step,
        id: 'cordon',
        title: 'Cordon the node',
        uses: 'node/cordon',
        risk: 'reversible',
        summary: 'Cordon kr-b-2.',
        effects: [cordon()],
      },
      {
        ...step,
        id: 'drain',
        title: 'Drain the node',
        uses: 'node/drain',
        risk: 'destructive',
        summary: `Evict ${pods} pods, one at a time.`,
        effects: Array.from({ length: pods }, (_, index) => evict(`worker-${index}`)),
        findings: [
          {
            title: 'Pods on kr-b-2',
            lines: Array.from({ length: pods }, (_, index) => podLine(index)),
          },
        ],
      },
    ],
    risk: 'destructive',
    digest: 'digest-1',
    warnings: [{ code: 'estimate', text: 'Whether the pods fit elsewhere is an estimate.' }],
    blockers: [],
    tiles: [{ name: 'ingestor', readyNow: 3, readyWhile: 0, readyAfter: 3 }],
    madeAt: AT,
    ...changes,
  };
}

export function approval(changes: Partial<ShownApproval> = {}): ShownApproval {
  return {
    gate: 1,
    status: 'pending',
    digest: 'digest-1',
    policy: {
      groups: ['S0SRE'],
      users: [],
      quorum: 1,
      selfApproval: false,
      expiresAfterMs: 1_800_000,
    },
    openedAt: AT,
    expiresAt: AT + 1_800_000,
    votes: [],
    ...changes,
  };
}

function step(id: string, changes: Partial<ShownStepState> = {}): ShownStepState {
  return { id, title: `Step ${id}`, status: 'pending', left: [], ...changes };
}

export function run(changes: Partial<ShownRun> = {}): ShownRun {
  return {
    id: 'r7k2',
    runbook: 'node-unstable',
    runbookTitle: 'Node unstable',
    cluster: 'kr',
    target: 'node/kr-b-2',
    inputs: { node: 'kr-b-2' },
    accepted: [],
    requester: mina,
    cause: { kind: 'command', text: 'node-unstable kr-b-2', channel: CHANNEL },
    dryRun: false,
    status: 'planning',
    traceId: 'trace',
    version: 1,
    approvals: [],
    steps: [],
    timeline: [],
    createdAt: AT,
    ...changes,
  };
}

export const blocked: ShownRun = run({
  status: 'blocked',
  plan: plan(3, {
    blockers: [
      {
        code: 'bare_pod',
        text: 'payments/debug has no owner: nothing recreates it.',
        wayOut: 'Accept that it is lost, or move it by hand.',
        exception: 'lose-bare-pods',
      },
      {
        code: 'budget_never',
        text: 'budget payments/api has maxUnavailable 0: its pods can never be evicted.',
        wayOut: 'Raise maxUnavailable to 1.',
      },
    ],
  }),
});

export const awaiting: ShownRun = run({
  status: 'awaiting_approval',
  plan: plan(13),
  approvals: [approval()],
  steps: [step('cordon'), step('drain')],
});

export const running: ShownRun = run({
  status: 'running',
  plan: plan(13),
  approvals: [approval({ status: 'approved', decidedBy: jun, decidedAt: AT + 60_000 })],
  steps: [
    step('cordon', { status: 'done', summary: 'kr-b-2 is cordoned.' }),
    step('drain', {
      status: 'running',
      progress: {
        done: 9,
        total: 13,
        unit: 'pods',
        waiting: 'payments/api-x waits for budget payments/api: needs 2, has 2',
      },
    }),
  ],
  timeline: [
    { seq: 1, key: 'approved', at: AT + 60_000, level: 'info', text: 'Approved by Jun Seo' },
    { seq: 2, key: 'c', at: AT + 61_000, level: 'info', text: 'cordoned', stepId: 'cordon' },
    { seq: 3, key: 'e1', at: AT + 62_000, level: 'info', text: 'evicted a', stepId: 'drain' },
    {
      seq: 4,
      key: 'e2',
      at: AT + 63_000,
      level: 'warning',
      text: 'payments/api-x is refused by its budget',
      stepId: 'drain',
    },
  ],
});

export const succeeded: ShownRun = run({
  ...running,
  status: 'succeeded',
  steps: [
    step('cordon', { status: 'done', startedAt: AT, endedAt: AT + 1000, summary: 'Cordoned.' }),
    step('drain', {
      status: 'done',
      startedAt: AT,
      endedAt: AT + 252_000,
      summary: '13 pods have left.',
    }),
  ],
  outcome: { summary: 'kr-b-2 is replaced by kr-b-7.', undone: [], left: [] },
  endedAt: AT + 300_000,
});

export const failed: ShownRun = run({
  ...running,
  status: 'failed',
  steps: [
    step('cordon', { status: 'undone' }),
    step('drain', {
      status: 'failed',
      error: { code: 'drain_timeout', message: 'payments/api-x did not leave within 600 s.' },
    }),
  ],
  outcome: {
    summary: 'The drain did not finish.',
    undone: ['kr-b-2 is uncordoned'],
    left: ['9 pods run elsewhere now'],
    next: 'Scale payments/api to 3, then run node-unstable again.',
  },
  endedAt: AT + 700_000,
});
