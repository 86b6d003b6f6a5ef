import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import { type Client, clientOf, look, node, pod, podSpec, until, workload } from './client.ts';

let cluster: SimulatedCluster;
let call: Client;
const pods = '/api/v1/namespaces/shop/pods';

beforeEach(async () => {
  cluster = await startSimulatedCluster({ name: 'security', region: 'test', seed: [node('n-1')] });
  call = clientOf(cluster);
});
afterEach(() => cluster.stop());

function shop(modes: Record<string, string>): void {
  const labels = Object.entries(modes).map(([mode, level]) => [
    `pod-security.kubernetes.io/${mode}`,
    level,
  ]);
  const metadata = { name: 'shop', labels: Object.fromEntries(labels) };
  cluster.world.apply({ apiVersion: 'v1', kind: 'Namespace', metadata });
}

const container = { name: 'main', image: 'registry.example/app:1' };
const safe = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
const safePod = { runAsNonRoot: true, runAsUser: 1, seccompProfile: { type: 'RuntimeDefault' } };

type Refusal = [level: string, what: string, spec: Record<string, unknown>, why: string];
const refusals: readonly Refusal[] = [
  [
    'baseline',
    'the network of its node',
    { hostNetwork: true },
    'host namespaces (hostNetwork=true)',
  ],
  [
    'baseline',
    'a directory of its node',
    { volumes: [{ name: 'host', hostPath: { path: '/' } }] },
    'hostPath volumes (volume "host")',
  ],
  [
    'baseline',
    'ports of its node',
    { containers: [{ ...container, ports: [{ containerPort: 80, hostPort: 80 }] }] },
    'hostPort (container "main" uses hostPort 80)',
  ],
  [
    'baseline',
    'privileges and capabilities',
    {
      containers: [
        {
          ...container,
          securityContext: { privileged: true, capabilities: { add: ['NET_ADMIN'] } },
        },
      ],
    },
    'non-default capabilities (container "main" must not include "NET_ADMIN" in securityContext.capabilities.add), privileged (container "main" must not set securityContext.privileged=true)',
  ],
  [
    'restricted',
    'another volume than it may have',
    {
      securityContext: safePod,
      containers: [{ ...container, securityContext: safe }],
      volumes: [{ name: 'host', hostPath: { path: '/' } }],
    },
    'restricted volume types (volume "host" uses restricted volume type "hostPath")',
  ],
  [
    'restricted',
    'the user root, in two containers',
    {
      securityContext: { seccompProfile: { type: 'Unconfined' } },
      containers: ['a', 'b'].map((name) => ({
        ...container,
        name,
        securityContext: { ...safe, runAsUser: 0 },
      })),
    },
    'runAsNonRoot != true (pod or containers "a", "b" must set securityContext.runAsNonRoot=true), runAsUser=0 (containers "a", "b" must not set runAsUser=0), seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
];

describe('a namespace that enforces a level', () => {
  it.each(refusals)('%s refuses a pod with %s', async (...refusal) => {
    const [level, , spec, why] = refusal;
    shop({ enforce: level });

    const { status, body } = await call(`POST ${pods}`, pod('x', podSpec(spec)));

    expect(status).toBe(403);
    expect(body.message).toBe(
      `pods "x" is forbidden: violates PodSecurity "${level}:latest": ${why}`,
    );
  });

  it('takes a pod that keeps to it', async () => {
    shop({ enforce: 'restricted' });
    const containers = [{ ...container, securityContext: safe }];

    const { status, headers } = await call(
      `POST ${pods}`,
      pod('x', podSpec({ securityContext: safePod, containers })),
    );

    expect([status, headers.get('warning')]).toEqual([201, null]);
  });

  it('lets the ReplicaSet say why it has no pods, and keeps trying', async () => {
    shop({ enforce: 'restricted' });
    const created = await call(
      'POST /apis/apps/v1/namespaces/shop/deployments',
      workload('Deployment', 'web'),
    );
    const conditions = () =>
      look(cluster.world.get('Deployment', 'web', 'shop')).status.conditions ?? [];
    await until(() =>
      conditions().some((each: { type: string }) => each.type === 'ReplicaFailure'),
    );
    const events = cluster.world.list('Event', 'shop').map(look);

    shop({});

    expect(created.status).toBe(201);
    expect(events).toContainEqual(
      expect.objectContaining({
        reason: 'FailedCreate',
        type: 'Warning',
        source: { component: 'replicaset-controller' },
        message: expect.stringContaining('violates PodSecurity "restricted:latest"'),
      }),
    );
    await until(
      () => look(cluster.world.get('Deployment', 'web', 'shop')).status.readyReplicas === 1,
    );
    expect(conditions().map((each: { type: string }) => each.type)).not.toContain('ReplicaFailure');
  });
});

describe('a namespace that warns of a level', () => {
  it('takes what breaks it, in a template too, and says so in a header', async () => {
    shop({ warn: 'baseline' });
    const hosted = workload('Deployment', 'web', { spec: podSpec({ hostPID: true }) });

    const made = await call('POST /apis/apps/v1/namespaces/shop/deployments', hosted);
    const single = await call(`POST ${pods}`, pod('x', podSpec({ hostPID: true })));

    const warning =
      '299 - "would violate PodSecurity \\"baseline:latest\\": host namespaces (hostPID=true)"';
    expect([made.status, made.headers.get('warning')]).toEqual([201, warning]);
    expect([single.status, single.headers.get('warning')]).toEqual([201, warning]);
  });
});
