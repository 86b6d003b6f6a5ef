import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';

/** `handrail.yml` of the demo: what an installation with two clusters writes by hand. */
export function demoSettings() {
  const shared = {
    provider: 'auto',
    leaseNamespace: 'handrail',
    criticalNamespaces: ['kube-system'],
  };
  return {
    runbooks: fileURLToPath(new URL('../../runbooks', import.meta.url)),
    clusters: [
      {
        name: 'kr',
        region: 'ap-northeast-2',
        kubeconfig: './kr.kubeconfig.yml',
        context: 'kr',
        channel: 'C0KROPS',
        ...shared,
        tiles: [
          { name: 'ingestor', services: ['ingest/ingestor'] },
          { name: 'incident-svc', services: ['incidents/incident-svc'] },
          { name: 'console', services: ['console/console'] },
        ],
      },
      {
        name: 'jp',
        region: 'ap-northeast-1',
        kubeconfig: './jp.kubeconfig.yml',
        context: 'jp',
        channel: 'C0JPOPS',
        ...shared,
        tiles: [],
      },
    ],
    approvals: [
      {
        runbook: '*',
        cluster: '*',
        risk: 'destructive',
        groups: ['S0SRE'],
        quorum: 1,
        selfApproval: false,
        expiresAfter: '30m',
      },
    ],
    // whoever started the demo may ask on the command line, as Mina
    identities: [{ account: userInfo().username, slack: 'U0MINA' }],
  };
}
