import type { ClusterApi } from '../cluster/cluster-api.ts';
import type { ClusterUnderTest } from '../cluster/cluster-under-test.ts';
import { runLabel } from '../cluster/given-cluster.ts';
import { until } from '../cluster/until.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const name = 'verticalpodautoscalers.autoscaling.k8s.io';

const modes = ['Off', 'Initial', 'Recreate', 'InPlaceOrRecreate', 'InPlace', 'Auto'];

/** As much of the real definition as the exchanges touch. Some rule has to be there: it adds a cause to every refusal. */
const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        targetRef: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        updatePolicy: {
          type: 'object',
          properties: { updateMode: { type: 'string', enum: modes } },
          'x-kubernetes-validations': [{ rule: "!has(self.updateMode) || self.updateMode != ''" }],
        },
      },
    },
    status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};

function definition(run: string): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name,
      labels: { [runLabel]: run },
      // The group is one of Kubernetes' own; a definition in it has to say that it has nothing to do with that.
      annotations: { 'api-approved.kubernetes.io': 'unapproved, for a test only' },
    },
    spec: {
      group: 'autoscaling.k8s.io',
      scope: 'Namespaced',
      names: {
        kind: 'VerticalPodAutoscaler',
        listKind: 'VerticalPodAutoscalerList',
        plural: 'verticalpodautoscalers',
        singular: 'verticalpodautoscaler',
      },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: schema },
        },
      ],
    },
  };
}

export async function hasVpaDefinition(api: ClusterApi): Promise<boolean> {
  return (await api.send(`GET ${definitions}/${name}`)).status === 200;
}

/** Defines VerticalPodAutoscalers, and waits until they are served. */
export async function defineVpas({ api, run }: ClusterUnderTest): Promise<void> {
  await api.expect(`POST ${definitions}`, { body: definition(run) });
  await until(
    'VerticalPodAutoscalers are served',
    () => api.send('GET /apis/autoscaling.k8s.io/v1/verticalpodautoscalers'),
    ({ status }) => status === 200,
  );
}
