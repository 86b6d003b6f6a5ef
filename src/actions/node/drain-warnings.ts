import type { Node } from '../../kubernetes/resources/node.ts';
import type { Warning } from '../action.ts';
import { ownerText } from '../owners.ts';
import { isServing, podName } from '../pod-state.ts';
import type { TileEndpoints } from '../service-tiles.ts';
import { counted, listed } from '../words.ts';
import { type Fate, leavesByRestart } from './judge-pod.ts';
import { readinessOfNode } from './node-state.ts';
import type { Preflight } from './preflight.ts';
import type { RoomEstimate } from './room.ts';
import type { Surges } from './surge.ts';
import { surgeWarnings } from './surge-warnings.ts';

interface DrainFacts {
  readonly node: Node;
  readonly checked: Preflight;
  /** Evicted or restarted. */
  readonly leaving: readonly Fate[];
  readonly surges: Surges;
  readonly room: RoomEstimate;
  readonly endpoints: readonly TileEndpoints[];
}

/** What an approver should know and what does not stop the drain. */
export function drainWarnings(facts: DrainFacts): Warning[] {
  return [
    ...accepted(facts),
    ...deadKubelet(facts),
    ...outages(facts),
    ...surgeWarnings(facts.surges.restarts, facts.leaving),
    ...noRoom(facts),
    ...volumes(facts),
    ...unchecked(facts),
    ...unknownServices(facts),
  ];
}

/** Who approves has to know what somebody else has accepted. */
function accepted({ leaving }: DrainFacts): Warning[] {
  return leaving.flatMap((fate) => {
    const { on, acceptedReasons } = fate;
    if (acceptedReasons.length === 0) return [];
    const what = leavesByRestart(fate) ? 'leaves by a restart' : 'is evicted';
    const text = `${podName(on.pod)} ${what}, as accepted: ${acceptedReasons.join('; ')}.`;
    return [{ code: 'exception_accepted', text }];
  });
}

function deadKubelet({ node }: DrainFacts): Warning[] {
  if (readinessOfNode(node) !== 'Unknown') return [];
  return [
    {
      code: 'kubelet_silent',
      text: `The kubelet of ${node.metadata.name} does not answer: its pods will stay Terminating, StatefulSet pods and volumes are freed only when the machine is gone.`,
    },
  ];
}

/** Workloads whose only replica runs here. */
function outages({ leaving, surges }: DrainFacts): Warning[] {
  return leaving.flatMap((fate) => {
    const { owner, pod } = fate.on;
    if (leavesByRestart(fate)) return [];
    if (owner?.workload?.spec.replicas !== 1 || owner.kind === 'Job' || !isServing(pod)) return [];
    const why = surges.refused.get(pod.metadata.uid);
    const noSurge =
      why === undefined ? '' : ` A new pod cannot be brought up before it goes: ${why}.`;
    const text = `${ownerText(owner)} has one replica, ${podName(pod)}: it is down from its eviction until its new pod is Ready.${noSurge}`;
    return [{ code: 'single_replica', text }];
  });
}

function noRoom({ room }: DrainFacts): Warning[] {
  if (room.homeless.length === 0) return [];
  const names = listed(room.homeless.map(({ pod }) => pod));
  const text = `By estimate ${counted(room.homeless.length, 'pod')} find no room elsewhere and would stay Pending unless a node is added: ${names}.`;
  return [{ code: 'no_room', text }];
}

function volumes({ leaving }: DrainFacts): Warning[] {
  return leaving.flatMap(({ on: { pod, localVolumes } }) => {
    const memory = pod.spec.volumes.filter(({ emptyDir }) => emptyDir?.medium === 'Memory');
    const texts = [
      ...localVolumes.map((volume) => `${podName(pod)} uses ${volume}: it does not move with it.`),
      ...memory.map(({ name }) => `${podName(pod)} loses its memory-backed emptyDir ${name}.`),
    ];
    return texts.map((text) => ({ code: 'node_local_volume', text }));
  });
}

function unchecked({ checked }: DrainFacts): Warning[] {
  if (checked.unanswered === 0) return [];
  const text = `${counted(checked.unanswered, 'dry-run eviction')} got no clear answer; the verdict is worked out from the budgets alone.`;
  return [{ code: 'preflight_incomplete', text }];
}

function unknownServices({ endpoints }: DrainFacts): Warning[] {
  return endpoints.flatMap(({ name, unknown }) =>
    unknown.map((service) => ({
      code: 'tile_service_unknown',
      text: `Service tile ${name} names service ${service}, which does not exist in this cluster.`,
    })),
  );
}
