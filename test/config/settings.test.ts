import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings, settingsProblems } from '../../src/config.ts';
import { YamlFile } from '../../src/yaml-file.ts';
import { directoryWith } from '../runbooks/written-runbook.ts';

const KR = '  - { name: kr, region: ap-northeast-2, channel: C0KROPS }\n';
const RULE = '  - { groups: [S0SRE] }\n';

function fileWith(yaml: string): string {
  const dir = directoryWith({ 'handrail.yml': yaml });
  mkdirSync(join(dir, 'runbooks'));
  return join(dir, 'handrail.yml');
}

function problemsOf(yaml: string): string[] {
  return settingsProblems(YamlFile.read(fileWith(yaml))).map(
    ({ line, column, path, message }) => `${line}:${column} ${path} ${message}`,
  );
}

describe('settings', () => {
  it('fills in what is left out, with absolute paths and milliseconds', () => {
    const file = fileWith(`clusters:\n${KR}approvals:\n${RULE}`);

    expect(loadSettings(file, {})).toEqual({
      file,
      runbooksDir: join(file, '../runbooks'),
      clusters: [
        {
          name: 'kr',
          region: 'ap-northeast-2',
          channel: 'C0KROPS',
          language: 'en',
          inCluster: false,
          provider: 'auto',
          leaseNamespace: 'handrail',
          criticalNamespaces: ['kube-system'],
          tiles: [],
        },
      ],
      approvals: [
        {
          runbook: '*',
          cluster: '*',
          risk: 'destructive',
          groups: ['S0SRE'],
          users: [],
          quorum: 1,
          selfApproval: false,
          expiresAfterMs: 1_800_000,
        },
      ],
      identities: [],
      providers: {},
    });
  });

  it('takes paths from where the file is', () => {
    const file = fileWith(
      `clusters:\n${KR.replace(' }', ', kubeconfig: k/kr.yml, context: kr }')}`,
    );

    expect(loadSettings(file, {}).clusters[0]).toMatchObject({
      kubeconfig: join(file, '../k/kr.yml'),
      context: 'kr',
    });
  });

  it('takes secrets from the environment, and says which variable is missing', () => {
    const webhook =
      'providers:\n  webhook: { url: "https://m.example.com", secretFrom: M_SECRET }\n';
    const file = fileWith(`clusters:\n${KR}${webhook}`);

    const { providers } = loadSettings(file, { M_SECRET: 's3cret' });

    expect(providers.webhook).toEqual({ url: 'https://m.example.com', secret: 's3cret' });
    expect(() => loadSettings(file, { M_SECRET: '' })).toThrow(
      `${file}:4:56: providers.webhook.secretFrom: the environment variable M_SECRET is not set`,
    );
    expect(settingsProblems(YamlFile.read(file))).toEqual([]);
  });

  it('says that there is no file', () => {
    expect(() => loadSettings('/nowhere/handrail.yml', {})).toThrow(
      '/nowhere/handrail.yml:1:1: cannot be read',
    );
  });

  it.each([
    [
      'an unknown key',
      'clusters:',
      'cluster: []\nclusters:',
      '1:1 cluster unknown key `cluster`; did you mean `clusters`?',
    ],
    [
      'two clusters of one name',
      KR,
      KR + KR.replace('C0KROPS', 'C0OTHER'),
      '3:13 clusters[1].name there is already a cluster `kr`',
    ],
    [
      'two clusters in one channel',
      KR,
      KR + KR.replace('kr', 'jp'),
      '3:50 clusters[1].channel channel C0KROPS already belongs to cluster `kr`',
    ],
    [
      'a channel by its name',
      'C0KROPS',
      '"#kr-ops"',
      'clusters[0].channel expected the id of a Slack channel',
    ],
    [
      'a kubeconfig in the cluster',
      'region:',
      'inCluster: true, context: a, region:',
      'clusters[0].context `context` has no meaning with `inCluster: true`',
    ],
    [
      'a rule for no cluster',
      'groups:',
      'cluster: rk, groups:',
      '4:16 approvals[0].cluster no cluster `rk`',
    ],
    [
      'a rule for no runbook',
      'groups:',
      'runbook: node-unstabel, groups:',
      'approvals[0].runbook no runbook `node-unstabel`',
    ],
    [
      'a rule without people',
      'groups: [S0SRE]',
      'quorum: 1',
      '4:5 approvals[0] nobody may approve',
    ],
    [
      'a quorum out of reach',
      'groups: [S0SRE]',
      'users: [U1], quorum: 2',
      'approvals[0].quorum a quorum of 2 cannot be reached by 1 users',
    ],
    [
      'a group by its name',
      'S0SRE',
      'sre',
      'approvals[0].groups[0] expected a Slack user group id',
    ],
    [
      'no duration',
      'groups:',
      'expiresAfter: soon, groups:',
      'approvals[0].expiresAfter expected a duration such as',
    ],
    [
      'a time that is too long',
      'groups:',
      'expiresAfter: 25d, groups:',
      'approvals[0].expiresAfter at most 24d',
    ],
    [
      'a directory that is not there',
      'clusters:',
      'runbooks: ./books\nclusters:',
      '1:11 runbooks there is no directory',
    ],
    [
      'a secret in the file',
      'clusters:',
      'providers: { webhook: { url: "https://a.example.com", secretFrom: hunter2 } }\nclusters:',
      'providers.webhook.secretFrom expected the name of an environment variable',
    ],
    ['no clusters', KR, '  []\n', 'clusters at least one cluster is needed'],
  ])('refuses %s', (...[, from, to, expected]) => {
    const yaml = `clusters:\n${KR}approvals:\n${RULE}`;

    expect(problemsOf(yaml.replace(from, to))).toEqual([expect.stringContaining(expected)]);
  });
});
