const type = 'Healthy';

function refused(port: number): Record<string, string> {
  const message = `Get "https://127.0.0.1:${port}/healthz": dial tcp 127.0.0.1:${port}: connect: connection refused`;
  return { type, status: 'False', message };
}

function component(name: string, condition: Record<string, string>): Record<string, unknown> {
  return { metadata: { name, creationTimestamp: null }, conditions: [condition] };
}

/** An API long deprecated: it asks ports of the API server's own machine, and here, as nearly everywhere, nobody listens. */
export const componentStatuses = {
  kind: 'ComponentStatusList',
  apiVersion: 'v1',
  metadata: {},
  items: [
    component('controller-manager', refused(10257)),
    component('scheduler', refused(10259)),
    component('etcd-0', { type, status: 'True', message: 'ok' }),
  ],
};
