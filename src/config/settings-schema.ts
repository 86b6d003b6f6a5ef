import { z } from 'zod';
import { LastingDuration } from '../duration.ts';
import { LANGUAGES } from '../language/text.ts';

const DnsLabel = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, {
  error: 'expected lower-case letters, digits and hyphens, at most 63',
});

const ChannelId = z.string().regex(/^[CGD][A-Z0-9]{2,}$/, {
  error: 'expected the id of a Slack channel such as C0KROPS, not its name: it stands in "About"',
});

const ServiceName = z
  .string()
  .regex(/^[a-z0-9][-a-z0-9]*\/[a-z0-9][-a-z0-9]*$/, { error: 'expected namespace/service' });

const Tile = z.strictObject({
  name: z.string().min(1).describe('the name that people know the service by'),
  services: z.array(ServiceName).min(1).describe('its Kubernetes Services as namespace/name'),
});

const Cluster = z
  .strictObject({
    name: DnsLabel.describe('short name, as in --cluster kr'),
    region: z.string().min(1).describe('where it runs, such as ap-northeast-2'),
    kubeconfig: z
      .string()
      .min(1)
      .optional()
      .describe('path from this file; without it KUBECONFIG or the default place is read'),
    context: z.string().min(1).optional().describe('context of the kubeconfig'),
    inCluster: z.boolean().default(false).describe('use the service account of the pod'),
    channel: ChannelId.describe('Slack channel whose commands act on this cluster'),
    language: z.enum(LANGUAGES).default('en').describe('what is spoken in that channel'),
    provider: z
      .enum(['auto', 'cluster-api', 'karpenter', 'webhook'])
      .default('auto')
      .describe('who replaces machines; auto finds out from the node'),
    leaseNamespace: DnsLabel.default('handrail').describe("where Handrail's own Leases live"),
    criticalNamespaces: z
      .array(DnsLabel)
      .default(['kube-system'])
      .describe('pods of these namespaces are said to be critical'),
    tiles: z.array(Tile).default([]).describe('services whose ready endpoints a plan counts'),
  })
  .check(({ value, issues }) => {
    if (!value.inCluster) return;
    for (const key of ['kubeconfig', 'context'] as const) {
      if (value[key] === undefined) continue;
      const message = `\`${key}\` has no meaning with \`inCluster: true\`: leave one of them out`;
      issues.push({ code: 'custom', input: value, path: [key], message });
    }
  });

const SlackUserId = z.string().regex(/^[UW][A-Z0-9]+$/, { error: 'expected a Slack user id: U…' });

const NameOrAny = z.string().min(1).default('*');

const ApprovalRule = z
  .strictObject({
    runbook: NameOrAny.describe('name of a runbook, or *'),
    cluster: NameOrAny.describe('name of a cluster, or *'),
    risk: z
      .enum(['reversible', 'destructive'])
      .default('destructive')
      .describe('the risk of the plans that this rule is for'),
    groups: z
      .array(z.string().regex(/^S[A-Z0-9]+$/, { error: 'expected a Slack user group id: S…' }))
      .default([])
      .describe('Slack user groups whose members may approve'),
    users: z.array(SlackUserId).default([]).describe('Slack users who may approve'),
    quorum: z.number().int().min(1).max(10).default(1).describe('how many must approve'),
    selfApproval: z.boolean().default(false).describe('may people approve what they asked for'),
    expiresAfter: LastingDuration.prefault('30m').describe(
      'how long an approval stays open, such as 30m',
    ),
  })
  .check(({ value, issues }) => {
    const named = value.groups.length + value.users.length;
    if (named === 0) {
      const message = 'nobody may approve: name `groups` or `users`';
      issues.push({ code: 'custom', input: value, path: [], message });
    } else if (value.groups.length === 0 && value.users.length < value.quorum) {
      const message = `a quorum of ${value.quorum} cannot be reached by ${value.users.length} users`;
      issues.push({ code: 'custom', input: value, path: ['quorum'], message });
    }
  });

const Identity = z.strictObject({
  account: z.string().min(1).describe('an account of the machine where `handrail run` is typed'),
  slack: SlackUserId.describe('the Slack user who uses it'),
});

const WebhookProvider = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'expected an http or https address' })
    .refine((url) => !URL.canParse(url) || new URL(url).username === '', {
      error: 'a user and a password do not belong into this file: requests are signed instead',
    }),
  secretFrom: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, {
      error: 'expected the name of an environment variable, not the secret itself',
    })
    .describe('environment variable that holds the secret for signatures'),
});

/** `handrail.yml` as it is written. */
export const SettingsFile = z.strictObject({
  runbooks: z.string().min(1).default('./runbooks').describe('directory, from this file'),
  clusters: z.array(Cluster).min(1, { error: 'at least one cluster is needed' }),
  approvals: z.array(ApprovalRule).default([]).describe('the first rule that matches wins'),
  identities: z
    .array(Identity)
    .default([])
    .describe('whose accounts of the command line are whose in Slack'),
  providers: z.strictObject({ webhook: WebhookProvider.optional() }).prefault({}),
});
export type SettingsFile = z.infer<typeof SettingsFile>;

/** JSON Schema of `handrail.yml`, for editors. */
export function settingsJsonSchema(): Record<string, unknown> {
  return { title: 'Handrail settings', ...z.toJSONSchema(SettingsFile, { io: 'input' }) };
}
