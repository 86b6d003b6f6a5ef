import type { Node } from '../../kubernetes/resources/node.ts';
import type { Finding, FindingLine } from '../action.ts';
import { ownerText } from '../owners.ts';
import { podName } from '../pod-state.ts';
import { counted } from '../words.ts';
import type { Verdict } from './drain-filters.ts';
import type { Fate } from './judge-pod.ts';
import type { Preflight } from './preflight.ts';
import type { RoomEstimate } from './room.ts';

/** What needs a person first. */
const ORDER: readonly Verdict[] = [
  'needs a decision',
  'never',
  'waits',
  'leaves now',
  'already leaving',
  'stays',
];

/** Every pod with its fate, what the API server said beforehand, and the room elsewhere. */
export function drainFindings(
  node: Node,
  { checked, room }: { checked: Preflight; room: RoomEstimate },
): Finding[] {
  const fates = checked.fates.toSorted(
    (a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict),
  );
  return [
    { title: `Pods on ${node.metadata.name}`, lines: fates.map(fateLine) },
    { title: 'Asked beforehand', lines: [preflightLine(checked)] },
    { title: 'Room on other nodes (an estimate)', lines: roomLines(room) },
  ];
}

function fateLine({ on, verdict, reason, acceptedReasons }: Fate): FindingLine {
  const { owner, pod } = on;
  const hasOwner = owner !== undefined && !owner.missing && verdict !== 'stays';
  const details = [
    hasOwner ? ownerText(owner) : '',
    reason,
    acceptedReasons.length > 0 ? `accepted: ${acceptedReasons.join('; ')}` : '',
  ];
  return {
    subject: podName(pod),
    verdict,
    detail: details.filter((text) => text !== '').join('; '),
  };
}

function preflightLine({ accepted, refused, unanswered, denied }: Preflight): FindingLine {
  const parts = [
    `${accepted} accepted`,
    `${refused} not now`,
    ...(denied.length > 0 ? [`${denied.length} denied`] : []),
    ...(unanswered > 0 ? [`${unanswered} not answered`] : []),
  ];
  return {
    subject: 'dry-run evictions',
    detail: `${parts.join(', ')}. Each pod was asked alone: pods that share a budget go in turn.`,
  };
}

function roomLines({ fitting, homeless }: RoomEstimate): FindingLine[] {
  const lines: FindingLine[] = homeless.map(({ pod, why }) => ({
    subject: pod,
    verdict: 'no room',
    detail: why,
  }));
  if (fitting.length > 0) {
    const nodes = new Set(fitting.map(({ node }) => node));
    const detail = `by requests, node selectors and taints, on ${[...nodes].toSorted().join(', ')}; affinity, spread, volume zones and autoscaling are not counted`;
    lines.push({ subject: counted(fitting.length, 'pod'), verdict: 'fits', detail });
  }
  return lines;
}
