import { DisruptionBudget } from '../../kubernetes/resources/disruption-budget.ts';
import { Node } from '../../kubernetes/resources/node.ts';
import type { Pod } from '../../kubernetes/resources/pod.ts';
import type { Effect } from '../action.ts';
import { budgetName } from '../budget-outlook.ts';
import type { ClusterReader } from '../cluster-reader.ts';
import { listPodsOn } from './pods-on-node.ts';

/** Above this many, one watch of all budgets costs less than one for each namespace. */
const MANY_NAMESPACES = 4;

/** What a drain goes by while it waits. */
export class DrainView {
  readonly #reader: ClusterReader;
  readonly #node: string;
  readonly #budgetsEverywhere: boolean;

  constructor(reader: ClusterReader, node: string, effects: readonly Effect[]) {
    this.#reader = reader;
    this.#node = node;
    const namespaces = new Set(effects.map(({ object }) => object.namespace));
    this.#budgetsEverywhere = namespaces.size > MANY_NAMESPACES;
  }

  /** Undefined where it has been taken away. */
  node(): Promise<Node | undefined> {
    return this.#reader.find(Node, { name: this.#node });
  }

  pods(): Promise<readonly Pod[]> {
    return listPodsOn(this.#reader, this.#node);
  }

  /** The very pod of an effect; undefined where it has gone, whoever has its name now. */
  async pod({ object }: Pick<Effect, 'object'>): Promise<Pod | undefined> {
    const pods = await this.pods();
    return pods.find(({ metadata }) => metadata.uid === object.uid);
  }

  /** Those of one namespace, or of more. */
  budgets(namespace: string): Promise<readonly DisruptionBudget[]> {
    return this.#reader.list(DisruptionBudget, this.#budgetsEverywhere ? {} : { namespace });
  }

  /** The budget that the plan named for a pod. */
  async budget({ object, before }: Effect): Promise<DisruptionBudget | undefined> {
    if (before['budget'] === undefined) return undefined;
    const budgets = await this.budgets(object.namespace ?? 'default');
    return budgets.find((budget) => budgetName(budget) === before['budget']);
  }
}
