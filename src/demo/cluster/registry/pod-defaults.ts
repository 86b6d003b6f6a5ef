import { randomSuffix } from '../model/names.ts';
import type { Container, Pod, PodSpec, Toleration } from '../model/schemas.ts';

const apiAccess = {
  sources: [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: {
        items: [
          {
            path: 'namespace',
            fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' },
          },
        ],
      },
    },
  ],
  defaultMode: 420,
};

function withContainerDefaults(container: Container): Container {
  const floating = !/:(?!latest)[^/]+$|@sha256:/.test(container.image);
  return {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: floating ? 'Always' : 'IfNotPresent',
    ...container,
    resources: container.resources ?? {},
  };
}

/** The defaults of a pod's spec, in a pod and in a template alike. */
export function withPodSpecDefaults(spec: PodSpec): PodSpec {
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...spec,
    containers: spec.containers.map(withContainerDefaults),
  };
}

function withTolerations(given: readonly Toleration[]): Toleration[] {
  const added = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
    .filter((key) => !given.some((toleration) => toleratesNoExecute(toleration, key)))
    .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));
  return [...given, ...added];
}

function toleratesNoExecute(toleration: Toleration, key: string): boolean {
  const effect = toleration.effect ?? '';
  return (toleration.key ?? key) === key && (effect === '' || effect === 'NoExecute');
}

function withApiAccess(spec: PodSpec): PodSpec {
  const volumes = Array.isArray(spec['volumes']) ? spec['volumes'] : [];
  const mounted = volumes.some((volume) => String(volume.name).startsWith('kube-api-access-'));
  if (spec['automountServiceAccountToken'] === false || mounted) return spec;
  const name = `kube-api-access-${randomSuffix()}`;
  const mount = {
    name,
    readOnly: true,
    mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
  };
  const containers = spec.containers.map((container) => {
    const mounts = Array.isArray(container['volumeMounts']) ? container['volumeMounts'] : [];
    return { ...container, volumeMounts: [...mounts, mount] };
  });
  return { ...spec, containers, volumes: [...volumes, { name, projected: apiAccess }] };
}

/** What admission adds to a pod that is created, beyond the defaults of its spec. */
export function admitPod(pod: Pod): Pod {
  const spec = withApiAccess({
    serviceAccountName: 'default',
    serviceAccount: 'default',
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
    ...withPodSpecDefaults(pod.spec),
  });
  return {
    ...pod,
    spec: { ...spec, tolerations: withTolerations(spec.tolerations ?? []) },
    status: { phase: 'Pending', ...gateCondition(pod), qosClass: qosClass(spec) },
  };
}

/** The API server itself says that a pod with gates is not looked at by the scheduler. */
function gateCondition({ spec, metadata }: Pod): Pick<NonNullable<Pod['status']>, 'conditions'> {
  if ((spec.schedulingGates ?? []).length === 0) return {};
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    lastProbeTime: null,
    lastTransitionTime: metadata.creationTimestamp,
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
  };
  return { conditions: [condition] };
}

export function qosClass(spec: PodSpec): string {
  const resources = spec.containers.map((container) => container.resources ?? {});
  const named = resources.filter(
    (each) => each.requests !== undefined || each.limits !== undefined,
  );
  if (named.length === 0) return 'BestEffort';
  const guaranteed = resources.every(({ requests, limits }) =>
    ['cpu', 'memory'].every(
      (name) => limits?.[name] !== undefined && (requests ?? limits)[name] === limits[name],
    ),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
