import { shortHash } from '../model/hash.ts';
import type { Manifest } from '../model/objects.ts';
import { manifest, ownerOf } from './manifests.ts';
import { labelsOf, pod, templateOf, type Workload } from './pods.ts';

/** A Job that has run to its end, its pod still listed. */
export function finishedJob(workload: Workload): Manifest[] {
  const { region, namespace, name, on } = workload;
  const labels = labelsOf(workload);
  const template = templateOf(workload);
  const spec = { ...template.spec, restartPolicy: 'Never' };
  const job = {
    ...manifest({ region, namespace, apiVersion: 'batch/v1', kind: 'Job', name, labels }),
    spec: { backoffLimit: 2, template: { ...template, spec } },
    status: {
      succeeded: 1,
      conditions: [{ type: 'Complete', status: 'True', reason: 'CompletionsReached', message: '' }],
    },
  };
  const pods = on.map((node) =>
    pod({
      workload,
      name: `${name}-${shortHash([name, node], 5)}`,
      node,
      template: { ...template, spec },
      owner: ownerOf(job),
      state: 'finished',
    }),
  );
  return [job, ...pods];
}

/** A pod that nothing will recreate. */
export function barePod(workload: Workload): Manifest[] {
  const template = templateOf(workload);
  return workload.on.map((node) => pod({ workload, name: workload.name, node, template }));
}

/** The mirror of a static pod, which the kubelet of its node runs from a file. */
export function mirrorPod(workload: Workload, nodeUid: string): Manifest[] {
  const template = templateOf(workload);
  return workload.on.map((node) =>
    pod({
      workload,
      name: `${workload.name}-${node}`,
      node,
      template: {
        ...template,
        spec: { ...template.spec, tolerations: [{ operator: 'Exists', effect: 'NoExecute' }] },
      },
      annotations: {
        'kubernetes.io/config.hash': shortHash([workload.name, node], 20),
        'kubernetes.io/config.mirror': shortHash([workload.name, node], 20),
        'kubernetes.io/config.source': 'file',
      },
      owner: { apiVersion: 'v1', kind: 'Node', name: node, uid: nodeUid, controller: true },
    }),
  );
}
