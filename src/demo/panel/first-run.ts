import type { World } from '../cluster/world.ts';
import type { StoredMessage } from '../workspace/model.ts';
import type { Guide, GuideStep } from '../workspace/page-server/guide.ts';
import { Flapping } from './flapping.ts';
import { isReady } from './node-view.ts';
import { parsedOnce, SeenMachine, SeenNode } from './seen-objects.ts';

const NODE = 'kr-b-2';
const RUNBOOK = 'node-unstable';
const CHANNEL = 'C0KROPS';
const APP = 'U0HANDRAIL';
const APPROVER = 'U0JUN';
/** A change of Ready within this time is not the seed's, in milliseconds. */
const RECENT_MS = 24 * 60 * 60 * 1000;

/** Leads through one run of node-unstable; each step goes by what the cluster and the channel hold, not by what was pressed. */
export class FirstRun implements Guide {
  readonly #world: World;
  readonly #flapping: Flapping;
  readonly #node = parsedOnce(SeenNode);
  readonly #machine = parsedOnce(SeenMachine);

  constructor(world: World) {
    this.#world = world;
    this.#flapping = new Flapping(world, NODE);
  }

  /** What has happened implies what must have been before it: a guide never goes back. */
  steps(messages: (channel: string) => readonly StoredMessage[]): GuideStep[] {
    const stored = this.#world.get('Node', NODE);
    const node = stored === undefined ? undefined : this.#node(stored);
    const isReplaced = node === undefined && this.#everyMachineIsReady();
    const isApproved = node === undefined || node.spec.unschedulable === true;
    const isAsked = isApproved || messages(CHANNEL).some(isPlan);
    const hasFlapped = isAsked || hasBeenNotReady(node);
    return [flap(hasFlapped), ask(isAsked), approve(isApproved), watch(isReplaced)];
  }

  control(name: string): void {
    if (name !== 'flap') throw new Error(`The demo has no control named ${name}.`);
    this.#flapping.start();
  }

  stop(): void {
    this.#flapping.stop();
  }

  #everyMachineIsReady(): boolean {
    const ready = new Set(
      this.#world
        .list('Node')
        .map(this.#node)
        .filter(isReady)
        .map(({ metadata }) => metadata.name),
    );
    return this.#world
      .list('Machine')
      .map(this.#machine)
      .every(({ status }) => ready.has(status.nodeRef?.name ?? ''));
  }
}

function hasBeenNotReady(node: SeenNode): boolean {
  const ready = node.status.conditions.find(({ type }) => type === 'Ready');
  const changedAt = Date.parse(ready?.lastTransitionTime ?? '');
  return ready?.status !== 'True' || Date.now() - changedAt < RECENT_MS;
}

function isPlan({ user, text }: StoredMessage): boolean {
  return user === APP && text.includes(RUNBOOK) && text.includes(NODE);
}

function flap(isDone: boolean): GuideStep {
  return {
    id: 'flap',
    title: `Make node ${NODE} flap`,
    text: 'Its kubelet says NotReady and Ready by turns. Watch it in the cluster panel.',
    isDone,
    offers: [{ label: `Make ${NODE} flap`, do: 'control', control: 'flap' }],
  };
}

function ask(isDone: boolean): GuideStep {
  const text = `/runbook ${RUNBOOK} ${NODE}`;
  return {
    id: 'ask',
    title: 'Ask for the runbook',
    text: `Send ${text} in #kr-oncall. The plan comes in a few seconds; nothing is touched yet.`,
    isDone,
    offers: [{ label: 'Write it for me', do: 'compose', channel: CHANNEL, text }],
  };
}

function approve(isDone: boolean): GuideStep {
  return {
    id: 'approve',
    title: 'Approve it as Jun Seo',
    text: 'Who asked cannot approve. Be somebody else, read the plan, and press Approve.',
    isDone,
    offers: [{ label: 'Act as Jun Seo', do: 'act_as', user: APPROVER, channel: CHANNEL }],
  };
}

function watch(isDone: boolean): GuideStep {
  return {
    id: 'watch',
    title: 'Watch the pods leave',
    text: `Pods move within their budgets, then ${NODE} gets a new machine. The thread tells each step.`,
    isDone,
    offers: [{ label: 'Show the cluster', do: 'show_cluster' }],
  };
}
