import type { Json } from '../json.ts';
import type { Cluster } from '../kubernetes/kubernetes.ts';
import { Node } from '../kubernetes/resources/node.ts';
import { judgeReplacement } from './judge-replacement.ts';
import { groupSelector, isControlPlane, nodesOfGroup } from './node-group.ts';
import { missingForPods } from './node-readiness.ts';
import type {
  MachineProvider,
  ReplacementBaseline,
  ReplacementRequest,
  ReplacementState,
} from './provider.ts';
import {
  callWebhook,
  checkWebhook,
  WebhookError,
  type WebhookLimits,
  WebhookReport,
  type WebhookSettings,
} from './webhook-request.ts';

const defaultLimits: WebhookLimits = { timeoutMs: 10_000, maxAttempts: 3, backoffMs: 500 };

/**
 * Replaces a node by asking the installation's own service, which knows the cloud. The receiver answers a POST with 202 and
 * may name a status URL of its own origin, answering `{ status: accepted|running|succeeded|failed, detail }`. A GET of the
 * hook with `?idempotencyKey=KEY` answers 200 for a request it knows, 404 for one it does not.
 * @throws ProviderConfigError (`provider_config`) where the URL or the secret is unsafe
 */
export function createWebhook(
  settings: WebhookSettings,
  limits: Partial<WebhookLimits> = {},
): MachineProvider {
  checkWebhook(settings);
  const hook: Hook = { settings, limits: { ...defaultLimits, ...limits } };
  return {
    name: 'webhook',
    find: (cluster, node) => find(hook, cluster, node),
    replace: (cluster, request) => replace(hook, cluster, request),
    replaced: (cluster, request) => replaced(hook, cluster, request),
    poll: (cluster, baseline) => poll(hook, cluster, baseline),
  };
}

interface Hook {
  readonly settings: WebhookSettings;
  readonly limits: WebhookLimits;
}

/** Cannot know what the receiver knows: it takes every node that nobody else owns. */
async function find({ settings }: Hook, cluster: Cluster, node: Node) {
  const selector = groupSelector(node);
  const nodes = await nodesOfGroup(cluster, selector);
  const ready = nodes.filter((member) => missingForPods(member).length === 0);
  const { host } = new URL(settings.url);
  return {
    object: { kind: 'Node', name: node.metadata.name, uid: node.metadata.uid },
    group: { name: selector, desired: nodes.length, current: ready.length },
    how: `the service at ${host} is asked to replace the machine behind node ${node.metadata.name}`,
    warnings: [
      `what ${host} does is not visible from here; nodes matching ${selector} are watched for a new one`,
    ],
    refusals: isControlPlane(node)
      ? ['it is a control-plane node: these are replaced by their own procedure only']
      : [],
  };
}

async function replace(hook: Hook, cluster: Cluster, request: ReplacementRequest): Promise<Json> {
  const { node, run } = request;
  const { url } = hook.settings;
  const body = JSON.stringify({
    runId: run.id,
    traceId: run.traceId,
    cluster: cluster.name,
    node: node.metadata.name,
    nodeUid: node.metadata.uid,
    providerId: node.spec.providerID ?? null,
    approvedBy: run.approvedBy,
    reason: request.reason,
  });
  const { idempotencyKey } = request;
  const answer = await callWebhook(
    hook.settings,
    { method: 'POST', url, body, idempotencyKey },
    hook.limits,
  );
  if (answer.status < 200 || answer.status > 299) {
    const message = `the webhook at ${url} refused to replace node ${node.metadata.name}: it answered ${answer.status}; look at its log for ${idempotencyKey}`;
    throw new WebhookError(message, { url, status: answer.status });
  }
  const statusUrl = safeStatusUrl(url, WebhookReport.safeParse(answer.body).data?.statusUrl);
  return { requested: node.metadata.name, ...(statusUrl === undefined ? {} : { statusUrl }) };
}

async function replaced(hook: Hook, cluster: Cluster, request: ReplacementRequest) {
  const { name, uid } = request.node.metadata;
  const node = await cluster.find(Node, { name });
  if (node?.metadata.uid !== uid) return true;
  const url = new URL(hook.settings.url);
  url.searchParams.set('idempotencyKey', request.idempotencyKey);
  const answer = await callWebhook(hook.settings, { method: 'GET', url: url.href }, hook.limits);
  return answer.status === 200;
}

async function poll(
  hook: Hook,
  cluster: Cluster,
  baseline: ReplacementBaseline,
): Promise<ReplacementState> {
  const report = await askReport(hook, baseline.answer);
  const said = report?.detail ? ` (${report.detail})` : '';
  if (report?.status === 'failed') {
    return { status: 'failed', detail: `the webhook gave up on node ${baseline.nodeName}${said}` };
  }
  const old = await cluster.find(Node, { name: baseline.nodeName });
  if (old?.metadata.uid === baseline.nodeUid) {
    const detail = `waiting for the Node object ${baseline.nodeName} to go${said}`;
    return { status: report?.status === 'accepted' ? 'requested' : 'terminating', detail };
  }
  const nodes = await nodesOfGroup(cluster, baseline.groupName);
  const state = await judgeReplacement(cluster, baseline, {
    text: `the group ${baseline.groupName}`,
    desired: baseline.desired,
    members: nodes.map(({ metadata }) => ({
      text: `node ${metadata.name}`,
      nodeName: metadata.name,
      terminating: metadata.deletionTimestamp !== undefined,
      waitsFor: '',
    })),
  });
  return state.status === 'ready' ? state : { ...state, detail: state.detail + said };
}

/** Nodes tell the truth; a status page that is away or unreadable only says less. */
async function askReport(hook: Hook, answer: Json | undefined): Promise<WebhookReport | undefined> {
  const known = WebhookReport.safeParse(answer).data?.statusUrl;
  const url = safeStatusUrl(hook.settings.url, known);
  if (url === undefined) return undefined;
  try {
    const { status, body } = await callWebhook(
      hook.settings,
      { method: 'GET', url },
      { ...hook.limits, maxAttempts: 1 },
    );
    return status === 200 ? WebhookReport.safeParse(body).data : undefined;
  } catch {
    return undefined;
  }
}

/** Of the same origin, or none: an answer must not point our signed requests elsewhere. */
function safeStatusUrl(hookUrl: string, statusUrl: string | undefined): string | undefined {
  if (statusUrl === undefined || !URL.canParse(statusUrl, hookUrl)) return undefined;
  const url = new URL(statusUrl, hookUrl);
  return url.origin === new URL(hookUrl).origin ? url.href : undefined;
}
