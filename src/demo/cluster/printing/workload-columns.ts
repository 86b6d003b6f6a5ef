import type { KubeObject } from '../model/objects.ts';
import {
  age,
  at,
  type Column,
  column,
  count,
  listAt,
  nameColumn,
  numberAt,
  printSelector,
  since,
  text,
  textAt,
  wide,
} from './column.ts';
import { humanDuration } from './human-duration.ts';

const containers = [
  column('Containers', (object) => ofContainers(object, 'name')),
  column('Images', (object) => ofContainers(object, 'image')),
];
const selector = column('Selector', (object) => printSelector(at(object, 'spec.selector')));

function ofContainers(object: KubeObject, field: string): string {
  const all = listAt(object, 'spec.template.spec.containers');
  return all.map((each) => textAt(each, field, '')).join(',');
}

function readyOf(object: KubeObject): string {
  return `${numberAt(object, 'status.readyReplicas')}/${numberAt(object, 'spec.replicas')}`;
}

function jobStatus(job: KubeObject): string {
  const holding = listAt(job, 'status.conditions').filter((each) => at(each, 'status') === 'True');
  const types = holding.map((each) => textAt(each, 'type'));
  for (const type of ['Complete', 'Failed', 'Suspended', 'FailureTarget', 'SuccessCriteriaMet']) {
    if (types.includes(type)) return type;
  }
  return job.metadata.deletionTimestamp === undefined ? 'Running' : 'Terminating';
}

function jobCompletions(job: KubeObject): string {
  const parallelism = numberAt(job, 'spec.parallelism');
  const wanted = at(job, 'spec.completions') ?? (parallelism > 1 ? `1 of ${parallelism}` : 1);
  return `${numberAt(job, 'status.succeeded')}/${wanted}`;
}

function jobDuration(job: KubeObject, nowMs: number): string {
  const started = at(job, 'status.startTime');
  const completed = at(job, 'status.completionTime');
  if (typeof started !== 'string') return '';
  if (typeof completed !== 'string') return since(started, nowMs);
  return humanDuration(Date.parse(completed) - Date.parse(started));
}

/** The columns of what runs pods or guards them, by kind. */
export const workloadColumns: Readonly<Record<string, readonly Column[]>> = {
  Deployment: [
    nameColumn,
    column('Ready', readyOf),
    count('Up-to-date', 'status.updatedReplicas'),
    count('Available', 'status.availableReplicas'),
    age,
    ...wide([...containers, selector]),
  ],
  ReplicaSet: [
    nameColumn,
    count('Desired', 'spec.replicas'),
    count('Current', 'status.replicas'),
    count('Ready', 'status.readyReplicas'),
    age,
    ...wide([...containers, selector]),
  ],
  StatefulSet: [nameColumn, column('Ready', readyOf), age, ...wide(containers)],
  DaemonSet: [
    nameColumn,
    count('Desired', 'status.desiredNumberScheduled'),
    count('Current', 'status.currentNumberScheduled'),
    count('Ready', 'status.numberReady'),
    count('Up-to-date', 'status.updatedNumberScheduled'),
    count('Available', 'status.numberAvailable'),
    column('Node Selector', (set) =>
      printSelector({ matchLabels: at(set, 'spec.template.spec.nodeSelector') }),
    ),
    age,
    ...wide([...containers, selector]),
  ],
  Job: [
    nameColumn,
    column('Status', jobStatus),
    column('Completions', jobCompletions),
    column('Duration', jobDuration),
    age,
    ...wide([...containers, selector]),
  ],
  PodDisruptionBudget: [
    nameColumn,
    text('Min Available', 'spec.minAvailable', 'N/A'),
    text('Max Unavailable', 'spec.maxUnavailable', 'N/A'),
    count('Allowed Disruptions', 'status.disruptionsAllowed'),
    age,
  ],
};
