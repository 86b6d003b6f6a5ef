import { Node, Pod as PodKind } from '../model/kinds.ts';
import type { ImageSource, KubeletState, Pulls } from '../model/kubelet-schemas.ts';
import type { Condition } from '../model/objects.ts';
import type { Pod } from '../model/schemas.ts';
import type { Store } from '../storage/store.ts';
import { endedContainer, killedExitCode } from './container-states.ts';
import { forgetImage } from './image-cache.ts';
import { parseImage } from './image-reference.ts';
import { setImageSource } from './image-sources.ts';
import { changeKubelet, kubeletState } from './kubelet-states.ts';
import { memoryAnnotation } from './memory-use.ts';
import { momentOn } from './moment.ts';
import { podStatus } from './pod-status.ts';
import { heldAnnotation } from './stop-pod.ts';

type NodeCondition = Condition & { readonly reason: string; readonly message: string };

/**
 * What happens on nodes, and what they meet. All of it stays so until it is taken back, over a restart of the process too.
 *
 * How a pod behaves its annotations say, so that a workload's template can: `simulation/start-factor`, `stop-factor` and
 * `run-factor` (on the usual time), `ready` (`false`: never), `exit-code`, `memory-use` (for all its containers) or
 * `memory-use.NAME`, `ignores-sigterm` (`true`: stays for its grace period), `held` (`true`: stays past it).
 */
export interface KubeletSwitches {
  /** The kubelet stops answering: its node goes Unknown after the grace period, its pods stay Terminating. */
  killKubelet(node: string): void;
  reviveKubelet(node: string): void;
  /** Sets a condition on a node, such as Ready=False with reason KubeletNotReady. */
  setNodeCondition(node: string, condition: NodeCondition): void;
  clearNodeCondition(node: string, type: string): void;
  /** How pulls onto a node go, and how many at a time; as usual where absent. Concerns pulls that begin from now on. */
  setNodePulls(node: string, pulls?: Pulls & { readonly parallelPulls?: number }): void;
  /**
   * What a registry (`registry.example`), a repository (`registry.example/app`) or an image (`registry.example/app:1`) is
   * like, and how pulls from it go; as usual where absent. Concerns pulls that begin from now on.
   */
  setImageSource(where: string, source?: ImageSource['spec']): void;
  /** The node has the image no longer, as after a garbage collection. */
  forgetImage(node: string, image: string): void;
  /**
   * A container of a running pod is killed for the memory it uses, once.
   * @throws Error where no such container runs
   */
  killForMemory(pod: string, namespace: string, container?: string): void;
  /** What each container of a pod uses, such as `300Mi`: more than its limit kills it, again and again. */
  setMemoryUse(pod: string, namespace: string, quantity?: string): void;
  /** What others than pods use of a node's memory. */
  setNodeMemoryUse(node: string, quantity?: string): void;
  /** A pod that is deleted stays Terminating, past its grace period too, until it is released. */
  holdPod(pod: string, namespace: string): void;
  releasePod(pod: string, namespace: string): void;
}

export function kubeletSwitches(store: Store): KubeletSwitches {
  return { ...nodeSwitches(store), ...podSwitches(store) };
}

type PodSwitch = 'killForMemory' | 'setMemoryUse' | 'holdPod' | 'releasePod';

function nodeSwitches(store: Store): Omit<KubeletSwitches, PodSwitch> {
  const set = (node: string, change: Partial<KubeletState['spec']>) =>
    changeKubelet(store, node, (state) => {
      Object.assign(state, change);
    });
  const others = (node: string, type: string) =>
    kubeletState(store, node).conditions.filter((each) => each.type !== type);
  return {
    killKubelet: (node) => set(node, { dead: true }),
    reviveKubelet: (node) => set(node, { dead: false }),
    setNodeCondition: (node, condition) =>
      set(node, { conditions: [...others(node, condition.type), { ...condition }] }),
    clearNodeCondition: (node, type) => {
      set(node, { conditions: others(node, type) });
      withdrawCondition(store, node, type);
    },
    setNodePulls: (node, { parallelPulls, ...pulls } = {}) => set(node, { pulls, parallelPulls }),
    setImageSource: (where, source = {}) => setImageSource(store, where, source),
    forgetImage: (node, image) => forgetImage(store, node, parseImage(image)?.name ?? image),
    setNodeMemoryUse: (node, otherMemory) => set(node, { otherMemory }),
  };
}

/** The kubelet's own conditions come back with its next heartbeat; those of others are simply gone. */
function withdrawCondition(store: Store, name: string, type: string): void {
  const node = store.get(Node, name);
  if (node === undefined) return;
  store.change(node, (draft) => {
    const conditions = draft.status?.conditions?.filter((each) => each.type !== type);
    draft.status = { ...draft.status, conditions };
  });
}

function podSwitches(store: Store): Pick<KubeletSwitches, PodSwitch> {
  const annotate = (pod: Pod, key: string, value: string | undefined) =>
    store.change(pod, (draft) => {
      const { [key]: _, ...annotations } = draft.metadata.annotations ?? {};
      if (value !== undefined) annotations[key] = value;
      draft.metadata.annotations = annotations;
    });
  return {
    killForMemory: (name, namespace, container) =>
      killForMemory(store, podNamed(store, name, namespace), container),
    setMemoryUse: (name, namespace, quantity) =>
      annotate(podNamed(store, name, namespace), memoryAnnotation, quantity),
    holdPod: (name, namespace) =>
      annotate(podNamed(store, name, namespace), heldAnnotation, 'true'),
    releasePod: (name, namespace) =>
      annotate(podNamed(store, name, namespace), heldAnnotation, undefined),
  };
}

function podNamed(store: Store, name: string, namespace: string): Pod {
  const pod = store.get(PodKind, name, namespace);
  if (pod === undefined) throw new Error(`no pod ${namespace}/${name} in the simulated cluster`);
  return pod;
}

function killForMemory(store: Store, pod: Pod, container = pod.spec.containers[0]?.name): void {
  const { name, namespace } = pod.metadata;
  const node = store.get(Node, pod.spec.nodeName ?? '');
  const status = pod.status?.containerStatuses?.find((each) => each.name === container);
  if (node === undefined || status?.state?.running === undefined) {
    throw new Error(`container ${container} of pod ${namespace}/${name} does not run`);
  }
  const moment = momentOn(store, node);
  const end = { exitCode: killedExitCode, reason: 'OOMKilled', at: moment.at } as const;
  const { containerStatuses = [], initContainerStatuses: initContainers = [] } = pod.status ?? {};
  const containers = containerStatuses.map((each) =>
    each === status ? endedContainer(each, end) : each,
  );
  store.change(pod, (draft) => {
    draft.status = podStatus(pod, { sandbox: true, initContainers, containers }, moment);
  });
}
