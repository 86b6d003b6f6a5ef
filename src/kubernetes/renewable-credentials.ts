import { type ChildProcess, spawn } from 'node:child_process';
import type { User } from '@kubernetes/client-node';
import type { Authenticator } from '@kubernetes/client-node/dist/auth.js';
import { ExecAuth } from '@kubernetes/client-node/dist/exec_auth.js';
import { FileAuth } from '@kubernetes/client-node/dist/file_auth.js';
import { OpenIDConnectAuth } from '@kubernetes/client-node/dist/oidc_auth.js';
import { RunbookError } from '../errors.ts';
import { say } from '../language/text.ts';
import type { ClusterAccess } from './cluster-config.ts';

/** Those of one cluster, without anything that was kept. The library's own plugin runner waits without end. */
export function freshAuthenticators(pluginTimeoutMs: number): Authenticator[] {
  const plugins = Object.assign(new ExecAuth(), { execFn: runWithin(pluginTimeoutMs) });
  return [plugins, new FileAuth(), new OpenIDConnectAuth()];
}

class PluginTimeoutError extends RunbookError {
  constructor(command: string, timeoutMs: number) {
    super(
      'plugin_timeout',
      say('the plugin {command} has not ended within {seconds} s', {
        command,
        seconds: timeoutMs / 1000,
      }),
    );
  }
}

/** Plugins are often scripts: what they have started hangs in their place, so that the whole group is killed. */
function runWithin(timeoutMs: number) {
  return (command: string, args: readonly string[] = [], options = {}): ChildProcess => {
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    const plugin = spawn(command, args, { ...options, stdio: [...stdio], detached: true });
    const timer = setTimeout(() => {
      plugin.emit('error', new PluginTimeoutError(command, timeoutMs));
      killGroup(plugin);
    }, timeoutMs);
    plugin.once('close', () => clearTimeout(timer));
    return plugin;
  };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}

/** Whether asking anew may bring other credentials: from a plugin, a file, an identity provider. */
export function isRenewable({ exec, authProvider }: User): boolean {
  return Boolean(exec) || Boolean(authProvider);
}

/**
 * The user as the library takes it: a token file is read again from time to time, and a plugin is told for which cluster it
 * is run, and that nobody sits before it.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export function renewableUser({ cluster, user, tokenFile }: ClusterAccess): User {
  if (tokenFile !== undefined && !user.token) {
    return { ...user, authProvider: { name: 'tokenFile', config: { tokenFile } } };
  }
  if (!user.exec) return user;
  const { server, caData, skipTLSVerify, tlsServerName, proxyUrl } = cluster;
  const about = {
    server,
    ...(caData && { 'certificate-authority-data': caData }),
    ...(skipTLSVerify && { 'insecure-skip-tls-verify': true }),
    ...(tlsServerName && { 'tls-server-name': tlsServerName }),
    ...(proxyUrl && { 'proxy-url': proxyUrl }),
  };
  const info = {
    apiVersion: user.exec.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(user.exec.provideClusterInfo && { cluster: about }) },
  };
  const told = { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) };
  return { ...user, exec: { ...user.exec, env: [...(user.exec.env ?? []), told] } };
}
