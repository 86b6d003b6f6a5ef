import type { KubeObject } from '../../src/demo/cluster/model/objects.ts';
import type { World } from '../../src/demo/cluster/world.ts';
import type { Recording } from './recording.ts';

/** Pods that play the part of recorded ones. The recorded names stand for: the web pod evicted first, another, and so on. */
const parts: Readonly<Record<string, readonly [app: string, index: number]>> = {
  'web-7cfbc66b57-8qtr7': ['web', 0],
  'web-7cfbc66b57-hbnmt': ['web', 1],
  'two-69dbbcdd5c-kdhtk': ['two', 0],
  'never-6dfcc8fcdf-4hx6t': ['never', 0],
};

/** UIDs that the recorded requests name as those of the pods. */
const uids: Readonly<Record<string, string>> = {
  'a84a9621-2d17-4a2b-a236-2f1b4af8e058': 'web-7cfbc66b57-8qtr7',
  'ee4d4abb-0c4b-45ee-8ecf-be89dc5feb34': 'web-7cfbc66b57-hbnmt',
};

/** Puts the names, UIDs and tokens of this cluster where a recorded request has those of the recorded one. */
export class ReplayedNames {
  readonly #world: World;
  readonly #cast = new Map<string, KubeObject[]>();
  readonly #learned = new Map<string, string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The name of the pod that plays the first part of this app. */
  first(app: string): string {
    return this.#play(app, 0).name;
  }

  inText(text: string): string {
    let result = text;
    for (const [recorded, ours] of this.#learned) result = result.replaceAll(recorded, ours);
    for (const [recorded, [app, index]] of Object.entries(parts)) {
      if (result.includes(recorded)) {
        result = result.replaceAll(recorded, this.#play(app, index).name);
      }
    }
    for (const [uid, recorded] of Object.entries(uids)) {
      const [app, index] = parts[recorded] ?? ['', 0];
      if (result.includes(uid)) result = result.replaceAll(uid, this.#play(app, index).uid);
    }
    return result.replace('resourceVersion=7114', `resourceVersion=${this.#revision()}`);
  }

  /** A continue token of a recorded answer becomes ours in later requests. */
  learn(recording: Recording, body: unknown): void {
    const recorded = continueOf(recording.response.body);
    const ours = continueOf(body);
    if (recorded !== undefined && ours !== undefined) this.#learned.set(recorded, ours);
  }

  /** The parts of an app are cast together, at the first call; who plays one keeps it, also after it has gone. */
  #play(app: string, index: number): { readonly name: string; readonly uid: string } {
    if (!this.#cast.has(app)) this.#cast.set(app, this.#castOf(app));
    const chosen = this.#cast.get(app)?.[index];
    if (chosen === undefined) throw new Error(`no pod plays part ${index} of ${app}`);
    return chosen.metadata;
  }

  /** The recorded web pod that is evicted first stands on node-3, the other on node-4. */
  #castOf(app: string): KubeObject[] {
    const turns = ['node-3', 'node-4'];
    const turnOf = (pod: KubeObject) => {
      const turn = turns.indexOf((pod.spec as { nodeName?: string }).nodeName ?? '');
      return turn === -1 ? turns.length : turn;
    };
    return this.#world
      .list('Pod', 'rec')
      .filter((pod) => pod.metadata.labels?.['app'] === app)
      .sort((one, other) => turnOf(one) - turnOf(other));
  }

  #revision(): string {
    const revisions = [...this.#world.list('Pod'), ...this.#world.list('PodDisruptionBudget')];
    return String(Math.max(...revisions.map((each) => Number(each.metadata.resourceVersion))));
  }
}

function continueOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('metadata' in body)) return undefined;
  return (body.metadata as { continue?: string }).continue;
}
