import type { Cluster } from '../kubernetes/kubernetes.ts';
import type { Node } from '../kubernetes/resources/node.ts';
import { NODE_POOL_LABEL } from '../kubernetes/resources/node-claim.ts';
import { clusterApi, MACHINE_ANNOTATION } from './cluster-api.ts';
import { karpenter } from './karpenter.ts';
import type { MachineProvider, MachineProviders, OwnedMachine } from './provider.ts';
import { ProviderNotFoundError } from './provider-error.ts';
import { createWebhook } from './webhook.ts';
import type { WebhookSettings } from './webhook-request.ts';

type ProviderName = MachineProvider['name'];

/**
 * The providers of this installation: what the cluster itself knows first, the webhook last, because it takes any node.
 * @throws ProviderConfigError (`provider_config`) where the webhook's URL or secret is unsafe
 */
export function createMachineProviders(settings: {
  readonly webhook?: WebhookSettings | undefined;
}): MachineProviders {
  const providers: MachineProvider[] = [clusterApi, karpenter];
  if (settings.webhook) providers.push(createWebhook(settings.webhook));

  function named(name: ProviderName): MachineProvider {
    const provider = providers.find((candidate) => candidate.name === name);
    if (provider) return provider;
    const message = `provider ${name} is not set up; set providers.webhook.url and secretFrom in handrail.yml`;
    throw new ProviderNotFoundError(message, { provider: name });
  }

  async function owner(
    cluster: Cluster,
    node: Node,
    wanted: 'auto' | ProviderName,
  ): Promise<OwnedMachine> {
    const asked = wanted === 'auto' ? providers : [named(wanted)];
    for (const provider of asked) {
      const found = await provider.find(cluster, node);
      if (found) return { ...found, provider };
    }
    throw notFound(cluster, node, { wanted, webhook: settings.webhook !== undefined });
  }

  return { named, owner };
}

function notFound(
  cluster: Cluster,
  node: Node,
  { wanted, webhook }: { wanted: 'auto' | ProviderName; webhook: boolean },
): ProviderNotFoundError {
  const { name } = node.metadata;
  const looked = wanted === 'auto' ? lookedFor(node, webhook) : [lookedForBy(node)[wanted]];
  const message = `nobody in cluster ${cluster.name} is known to own the machine behind node ${name}. Looked for: ${looked.join('; ')}. Replace it by hand, or set up providers.webhook in handrail.yml`;
  return new ProviderNotFoundError(message, { cluster: cluster.name, node: name, wanted });
}

function lookedFor(node: Node, webhook: boolean): string[] {
  const by = lookedForBy(node);
  return webhook ? [by['cluster-api'], by.karpenter] : Object.values(by);
}

function lookedForBy({ metadata, spec }: Node): Record<ProviderName, string> {
  const machine = metadata.annotations[MACHINE_ANNOTATION];
  const pool = metadata.labels[NODE_POOL_LABEL];
  return {
    'cluster-api':
      machine === undefined
        ? `Cluster API (no annotation ${MACHINE_ANNOTATION}, and no Machine with this node in its nodeRef)`
        : `Cluster API (annotation ${MACHINE_ANNOTATION} names ${machine}, but no such Machine of this node is in this cluster: it may be in a management cluster of its own)`,
    karpenter: `Karpenter (${pool === undefined ? `no label ${NODE_POOL_LABEL}` : `label ${NODE_POOL_LABEL} is ${pool}`}, and no NodeClaim with this node or provider ID ${spec.providerID ?? '(it has none)'})`,
    webhook: 'webhook (providers.webhook is not set in handrail.yml)',
  };
}
