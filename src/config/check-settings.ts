import { existsSync, readdirSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { didYouMean } from '../did-you-mean.ts';
import type { Problem, YamlFile } from '../yaml-file.ts';
import type { SettingsFile } from './settings-schema.ts';

/** What no schema can see: names that must be unique, or must exist. */
export function checkSettings(
  yaml: YamlFile,
  settings: SettingsFile,
  runbooksDir: string,
): Problem[] {
  return [
    ...repeated(yaml, settings, 'name'),
    ...repeated(yaml, settings, 'channel'),
    ...repeatedAccounts(yaml, settings),
    ...unknownInApprovals(yaml, settings, runbooksDir),
    ...(existsSync(runbooksDir)
      ? []
      : [yaml.problem(['runbooks'], `there is no directory ${runbooksDir}`)]),
  ];
}

/** A run's cluster is taken from the channel, so two clusters in one channel would be a guess. */
function repeated(yaml: YamlFile, settings: SettingsFile, key: 'name' | 'channel'): Problem[] {
  const first = new Map<string, number>();
  const problems: Problem[] = [];
  for (const [index, cluster] of settings.clusters.entries()) {
    const earlier = first.get(cluster[key]);
    if (earlier === undefined) {
      first.set(cluster[key], index);
      continue;
    }
    const other = settings.clusters[earlier]?.name;
    const message =
      key === 'name'
        ? `there is already a cluster \`${cluster.name}\``
        : `channel ${cluster.channel} already belongs to cluster \`${other}\`: one channel, one cluster`;
    problems.push(yaml.problem(['clusters', index, key], message));
  }
  return problems;
}

/** Two people on one account could each approve what the other seems to have asked for. */
function repeatedAccounts(yaml: YamlFile, { identities }: SettingsFile): Problem[] {
  return identities.flatMap(({ account }, index) => {
    const first = identities.findIndex((each) => each.account === account);
    if (first === index) return [];
    const message = `account \`${account}\` is already tied to ${identities[first]?.slack}`;
    return [yaml.problem(['identities', index, 'account'], message)];
  });
}

/** A misspelt name here would silently leave a plan without approvers. */
function unknownInApprovals(yaml: YamlFile, settings: SettingsFile, dir: string): Problem[] {
  const clusters = settings.clusters.map(({ name }) => name);
  const runbooks = existsSync(dir) ? runbookNames(dir) : undefined;
  const problems: Problem[] = [];
  for (const [index, rule] of settings.approvals.entries()) {
    if (rule.cluster !== '*' && !clusters.includes(rule.cluster)) {
      const message = `no cluster \`${rule.cluster}\`${didYouMean(rule.cluster, clusters)}`;
      problems.push(yaml.problem(['approvals', index, 'cluster'], message));
    }
    if (runbooks && rule.runbook !== '*' && !runbooks.includes(rule.runbook)) {
      const message = `no runbook \`${rule.runbook}\` in ${dir}${didYouMean(rule.runbook, runbooks)}`;
      problems.push(yaml.problem(['approvals', index, 'runbook'], message));
    }
  }
  return problems;
}

function runbookNames(dir: string): string[] {
  return readdirSync(dir)
    .filter((file) => extname(file) === '.yml')
    .map((file) => basename(file, '.yml'));
}
