import type { ClusterUnderTest } from '../cluster/cluster-under-test.ts';
import { runLabel } from '../cluster/given-cluster.ts';
import type { Json } from '../cluster/json.ts';
import { podTemplate } from '../cluster/manifests.ts';

/** The simulated kubelet's way to say it; the container's own command does so for any other. */
const stopsLate = { 'simulation/start-factor': '40', 'simulation/stop-factor': '40' };

/**
 * A recorded body as it has to be in a given cluster: an image that can be pulled, containers that run and are ready late
 * enough for the exchanges in between, and marks by which everything is found again. The simulated cluster gets the
 * recorded body as it is.
 */
export function fitted(cluster: ClusterUnderTest, recorded: unknown): unknown {
  if (cluster.given === undefined || recorded === undefined) return recorded;
  const body: Json = JSON.parse(
    JSON.stringify(recorded).replaceAll(/registry\.example\/[a-z]+:\d/g, cluster.given.image),
  );
  if (body.kind === 'Namespace') body.metadata.labels = { [runLabel]: cluster.run };
  if (body.spec?.unschedulable === true && body.metadata !== undefined) {
    body.metadata.annotations[runLabel] = cluster.run;
  }
  if (body.kind === 'Deployment' && body.spec.replicas !== undefined) {
    const { annotations, spec } = podTemplate(cluster, { behaviour: 'slowToBeReady' });
    const [container] = spec.containers;
    const { template } = body.spec;
    Object.assign(template.metadata.annotations, annotations, stopsLate);
    template.spec.containers = template.spec.containers.map((each: Json) => ({
      ...container,
      ...each,
    }));
  }
  return body;
}
