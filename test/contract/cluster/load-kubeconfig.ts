import { KubeConfig } from '@kubernetes/client-node';
import type { GivenCluster } from './given-cluster.ts';

export class ClusterSettingsError extends Error {
  override readonly name = 'ClusterSettingsError';
  // Whoever has to set something is not helped by where it was found missing.
  override readonly stack = '';
}

/**
 * The kubeconfig with the context that is meant. What a shell happens to point to is no answer to "which cluster may be
 * changed?": of several contexts one has to be named.
 * @throws ClusterSettingsError saying what to set
 */
export function loadKubeconfig(given: GivenCluster): KubeConfig {
  const [first, ...others] = given.kubeconfigs;
  if (first === undefined) {
    throw new ClusterSettingsError(
      'No cluster to test against: set KUBECONFIG to the file of a cluster that may be changed.',
    );
  }
  const config = new KubeConfig();
  config.loadFromFile(first);
  for (const file of others) {
    const more = new KubeConfig();
    more.loadFromFile(file);
    config.mergeConfig(more, true);
  }
  config.setCurrentContext(contextOf(config, given.context));
  return config;
}

function contextOf(config: KubeConfig, wanted: string): string {
  const names = config.getContexts().map(({ name }) => name);
  const [only = ''] = names;
  if (wanted === '' && names.length === 1) return only;
  if (names.includes(wanted)) return wanted;
  const why =
    wanted === '' ? 'KUBECONFIG holds several contexts' : `KUBECONFIG holds no context "${wanted}"`;
  throw new ClusterSettingsError(
    `${why}: set HANDRAIL_TEST_CONTEXT to the one whose cluster may be changed (${names.join(', ')}).`,
  );
}
