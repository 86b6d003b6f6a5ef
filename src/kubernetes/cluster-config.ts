import type { Cluster, Context, KubeConfig, User } from '@kubernetes/client-node';
import { errorMessage, RunbookError } from '../errors.ts';
import { KubeConfigWithTokenFiles } from './token-file.ts';

export interface ClusterSettings {
  /** What people call the cluster; used in messages. */
  readonly name: string;
  /** A kubeconfig file; without it KUBECONFIG, then ~/.kube/config are read. */
  readonly kubeconfig?: string | undefined;
  /** The context in it; without it the file's current context. */
  readonly context?: string | undefined;
  /** Uses the service account of the pod that Handrail runs in. */
  readonly inCluster: boolean;
}

/** Everything that one cluster needs, and nothing of any other. */
export interface ClusterAccess {
  readonly cluster: Cluster;
  readonly user: User;
  readonly context: Context;
  /** Holds the token, and is written anew when that changes. */
  readonly tokenFile?: string | undefined;
}

class ClusterConfigError extends RunbookError {
  constructor(why: string, { cluster, cause }: { cluster: string; cause?: unknown }) {
    super('cluster_config', `cluster ${cluster} cannot be used: ${why}`, {
      cause,
      data: { cluster },
    });
  }
}

/**
 * Reads the settings of exactly one context. The result is restricted to it: a KubeConfig shared between clusters sends
 * one cluster's token to another's server once its current context changes.
 * @throws ClusterConfigError (`cluster_config`) naming the file, the context, and those there are
 */
export function readClusterConfig(settings: ClusterSettings): ClusterAccess {
  const config = new KubeConfigWithTokenFiles();
  if (settings.inCluster) {
    loadInCluster(config, settings.name);
    return pickContext(config, settings, 'the service account of this pod');
  }
  const source = settings.kubeconfig ?? 'the default kubeconfig (KUBECONFIG or ~/.kube/config)';
  try {
    if (settings.kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(settings.kubeconfig);
  } catch (error) {
    throw unreadable(source, settings.name, error);
  }
  if (config.getCurrentContext() === 'loaded-context') {
    // The library falls back to http://localhost:8080 without a word.
    const why = `${source} does not exist; name a file under clusters[].kubeconfig, or set inCluster`;
    throw new ClusterConfigError(why, { cluster: settings.name });
  }
  return pickContext(config, settings, source);
}

/** Without the error itself: after its first line it quotes the file, perhaps the line with the token. */
function unreadable(source: string, cluster: string, error: unknown): ClusterConfigError {
  const [said] = errorMessage(error).split('\n');
  const why = `${source} cannot be read (${said}); check its path and its YAML`;
  return new ClusterConfigError(why, { cluster });
}

function loadInCluster(config: KubeConfig, name: string): void {
  try {
    config.loadFromCluster();
    // The library does not look whether it is in a cluster at all; reading the token finds out.
    if (!URL.canParse(config.getCurrentCluster()?.server ?? '')) throw new Error('no API server');
  } catch (error) {
    const why =
      'inCluster is set, but this process has no service account and KUBERNETES_SERVICE_HOST; run it in a pod, or set kubeconfig';
    throw new ClusterConfigError(why, { cluster: name, cause: error });
  }
}

function pickContext(
  config: KubeConfigWithTokenFiles,
  settings: ClusterSettings,
  source: string,
): ClusterAccess {
  const wanted = settings.inCluster
    ? config.getCurrentContext()
    : (settings.context ?? config.getCurrentContext());
  const available = config.getContexts().map((context) => context.name);
  const context = config.getContexts().find(({ name }) => name === wanted);
  if (!context) {
    const asked = wanted ? `has no context "${wanted}"` : 'names no current context';
    const there = available.length > 0 ? `it has: ${available.join(', ')}` : 'it has none at all';
    throw new ClusterConfigError(`${source} ${asked}; ${there}`, { cluster: settings.name });
  }
  const cluster = config.getCluster(context.cluster);
  const user = config.getUser(context.user);
  if (!cluster || !user) {
    const missing = cluster ? `user "${context.user}"` : `cluster "${context.cluster}"`;
    const why = `context "${wanted}" of ${source} names ${missing}, which is not in it`;
    throw new ClusterConfigError(why, { cluster: settings.name });
  }
  refuseUnsafeServer(settings.name, cluster);
  return { cluster, user, context, tokenFile: config.tokenFileOf(user.name) };
}

function refuseUnsafeServer(name: string, cluster: Cluster): void {
  if (!URL.canParse(cluster.server)) {
    throw new ClusterConfigError(`its server "${cluster.server}" is not a URL`, { cluster: name });
  }
  if (cluster.server.startsWith('http:') && !cluster.skipTLSVerify) {
    const why = `its server ${cluster.server} is not https; set insecure-skip-tls-verify if that is meant`;
    throw new ClusterConfigError(why, { cluster: name });
  }
}
