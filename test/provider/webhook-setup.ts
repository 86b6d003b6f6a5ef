import type { ServerResponse } from 'node:http';
import type { Cluster } from '../../src/kubernetes/kubernetes.ts';
import type { MachineProvider, OwnedMachine } from '../../src/provider/provider.ts';
import { createWebhook } from '../../src/provider/webhook.ts';
import { node, parsedNode } from './manifests.ts';
import { type ObjectServer, startObjectServer } from './object-server.ts';
import { type Received, type Receiver, startReceiver } from './receiver.ts';

export const secret = 'a-secret-of-the-tests-only';
export const labels = { 'eks.amazonaws.com/nodegroup': 'web' };
/** Two nodes of a pool, of which the first is to be replaced, and one outside of it. */
export const sick = node('ip-1', { metadata: { labels } });
export const other = node('ip-2', { metadata: { labels } });
export const stranger = node('ip-9');

export interface WebhookSetup {
  readonly cluster: Cluster;
  readonly world: ObjectServer;
  readonly receiver: Receiver;
  readonly provider: MachineProvider;
  readonly machine: OwnedMachine;
  stop(): Promise<unknown>;
}

export async function startWebhook(
  answer: (request: Received, response: ServerResponse) => void,
): Promise<WebhookSetup> {
  const world = await startObjectServer(sick, other, stranger);
  const receiver = await startReceiver(answer);
  const limits = { timeoutMs: 200, backoffMs: 5 };
  const provider = createWebhook({ url: receiver.url, secret }, limits);
  const { cluster } = world;
  const found = await provider.find(cluster, parsedNode(sick));
  if (!found) throw new Error('the webhook takes every node');
  const stop = () => Promise.all([world.stop(), receiver.stop()]);
  return { cluster, world, receiver, provider, machine: { ...found, provider }, stop };
}

export function accept(response: ServerResponse, status = 202, body: unknown = {}): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
