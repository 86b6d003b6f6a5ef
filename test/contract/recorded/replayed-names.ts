import type { ClusterUnderTest } from '../cluster/cluster-under-test.ts';
import type { Json } from '../cluster/json.ts';

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

const recordedNamespace = /\brec\b/g;
/** The node that is cordoned. */
const recordedNode = 'node-3';
/** The moment from which pods are watched. */
const recordedRevision = 'resourceVersion=7114';

/** Puts the names, UIDs and tokens of this cluster where a recorded exchange has those of the recorded one, and back. */
export class ReplayedNames {
  readonly #cluster: ClusterUnderTest;
  readonly #node: string;
  readonly #cast = new Map<string, readonly Json[]>();
  readonly #learned = new Map<string, string>();

  /** @param node the one that is cordoned */
  constructor(cluster: ClusterUnderTest, node: string) {
    this.#cluster = cluster;
    this.#node = node;
  }

  /** The name of the pod that plays the first part of this app. */
  async first(app: string): Promise<string> {
    return (await this.#play(app, 0)).name;
  }

  /** A recorded request's text in the names of this cluster. */
  async inText(text: string): Promise<string> {
    let result = text;
    for (const [recorded, ours] of this.#learned) result = result.replaceAll(recorded, ours);
    for (const [recorded, [app, index]] of Object.entries(parts)) {
      if (!result.includes(recorded)) continue;
      result = result.replaceAll(recorded, (await this.#play(app, index)).name);
    }
    for (const [uid, recorded] of Object.entries(uids)) {
      const [app, index] = parts[recorded] ?? ['', 0];
      if (result.includes(uid)) result = result.replaceAll(uid, (await this.#play(app, index)).uid);
    }
    if (result.includes(recordedRevision)) {
      result = result.replace(recordedRevision, `resourceVersion=${await this.#revision()}`);
    }
    return result
      .replaceAll(wholeName(recordedNode), this.#node)
      .replaceAll(recordedNamespace, this.#cluster.namespace);
  }

  /** An answer of this cluster in the recorded names. */
  inAnswer(body: unknown): unknown {
    const text = JSON.stringify(body);
    if (text === undefined) return body;
    const { namespace } = this.#cluster;
    return JSON.parse(
      text.replaceAll(namespace, 'rec').replaceAll(wholeName(this.#node), recordedNode),
    );
  }

  /** A continue token of a recorded answer becomes ours in later requests. */
  learn(recorded: unknown, body: unknown): void {
    const [theirs, ours] = [recorded, body].map(continueOf);
    if (theirs !== undefined && ours !== undefined) this.#learned.set(theirs, ours);
  }

  /** The parts of an app are cast together, at the first call; who plays one keeps it, also after it has gone. */
  async #play(
    app: string,
    index: number,
  ): Promise<{ readonly name: string; readonly uid: string }> {
    const players = this.#cast.get(app) ?? (await this.#castOf(app));
    this.#cast.set(app, players);
    const chosen = players[index];
    if (chosen === undefined) throw new Error(`no pod plays part ${index} of ${app}`);
    return chosen.metadata;
  }

  /** The recorded web pod that is evicted first stands on node-3, the other on node-4. */
  async #castOf(app: string): Promise<readonly Json[]> {
    const turns = [this.#node, 'node-4'];
    const turnOf = (pod: Json) => {
      const turn = turns.indexOf(pod.spec.nodeName);
      return turn === -1 ? turns.length : turn;
    };
    const pods = await this.#cluster.list('pods', `labelSelector=app%3D${app}`);
    return pods.sort((one, other) => turnOf(one) - turnOf(other));
  }

  async #revision(): Promise<string> {
    const list = await this.#cluster.api.expect(`GET ${this.#cluster.path('pods')}?limit=1`);
    return list.metadata.resourceVersion;
  }
}

/** The name where it is not a part of another; `%3D` comes before it in a query. */
function wholeName(name: string): RegExp {
  return new RegExp(`(?<=%3D|(?<![\\w.-]))${name.replaceAll('.', '\\.')}(?![\\w.-])`, 'g');
}

function continueOf(body: Json): string | undefined {
  return body?.metadata?.continue;
}
