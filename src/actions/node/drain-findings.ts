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
  'leaves by restart',
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
    ...preflightFinding(checked),
    ...roomFinding(room),
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

function preflightFinding({ accepted, refused, unanswered, denied }: Preflight): Finding[] {
  const asked = accepted + refused + unanswered + denied.length;
  if (asked === 0) return [];
  const parts = [
    `${accepted} of ${asked} would be let go now`,
    ...(refused > 0 ? [`${refused} not now`] : []),
    ...(denied.length > 0 ? [`${denied.length} denied`] : []),
    ...(unanswered > 0 ? [`${unanswered} not answered`] : []),
  ];
  const detail = `${parts.join(', ')}. Each was asked alone: pods that share a budget go in turn.`;
  return [
    { title: 'The API server was asked, by dry run', lines: [{ subject: 'evictions', detail }] },
  ];
}

function roomFinding({ fitting, homeless }: RoomEstimate): Finding[] {
  const all = fitting.length + homeless.length;
  if (all === 0) return [];
  const nodes = [...new Set(fitting.map(({ node }) => node))].toSorted();
  const how =
    'by requests, node selectors and taints. Not counted: affinity, spread, volume zones, autoscaling.';
  return [
    {
      title: `Room: ${roomWords(fitting.length, all)} on the other nodes (an estimate)`,
      lines: [
        ...homeless.map(({ pod, why }) => ({
          subject: pod,
          verdict: 'no room' as const,
          detail: why,
        })),
        { subject: nodes.length > 0 ? `on ${nodes.join(', ')}` : 'nowhere', detail: how },
      ],
    },
  ];
}

function roomWords(fitting: number, all: number): string {
  if (fitting === all) return all === 1 ? '1 pod fits' : `${all} pods fit`;
  return `${fitting} of ${counted(all, 'pod')} ${fitting === 1 ? 'fits' : 'fit'}`;
}
