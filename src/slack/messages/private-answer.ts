import type { KnownBlock } from '@slack/types';
import { nearest } from '../../did-you-mean.ts';
import type { Language } from '../../language/text.ts';
import { inEnglish } from '../../language/translate.ts';
import type { CommandMistake } from '../../triggers/command.ts';
import { code, escaped, line } from './mrkdwn.ts';

/** What one person is told, and nobody else. Never carries an approval or a fact of the audit log: it does not last. */
export interface PrivateAnswer {
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
}

/** Foreign text with its backticks: what is in them is shown as code. */
export function plainAnswer(text: string): PrivateAnswer {
  return { text: escaped(text) };
}

export function mistakeAnswer(mistake: CommandMistake): PrivateAnswer {
  const tries = mistake.suggestions.map((each) => `• ${code(`/runbook ${each}`)}`);
  return {
    text: [escaped(inEnglish(mistake.text)), ...(tries.length > 0 ? ['Try:', ...tries] : [])].join(
      '\n',
    ),
  };
}

/** A cluster as far as people name it. */
export interface NamedCluster {
  readonly name: string;
  readonly region: string;
  readonly channel: string;
  /** Of the messages in that channel. */
  readonly language: Language;
}

export function clusterQuestion(
  clusters: readonly NamedCluster[],
  asked: string | undefined,
): PrivateAnswer {
  const near = asked === undefined ? undefined : nearCluster(clusters, asked);
  const said =
    asked === undefined
      ? 'This channel belongs to no cluster, so say which one you mean.'
      : `There is no cluster ${code(asked)}.${near ? ` Did you mean ${code(near)}?` : ''}`;
  return {
    text: [
      said,
      'Type the command in the channel of the cluster, or add `--cluster NAME`:',
      ...clusters.map(
        (each) => `• ${code(each.name)} (${line(each.region)}) in <#${each.channel}>`,
      ),
    ].join('\n'),
  };
}

/** People also say the region; a run is asked for by the name all the same, which stands for one cluster for certain. */
function nearCluster(clusters: readonly NamedCluster[], asked: string): string | undefined {
  const inRegion = clusters.filter(({ region }) => region.toLowerCase() === asked.toLowerCase());
  const names = (inRegion.length > 0 ? inRegion : clusters).map(({ name }) => name);
  return inRegion.length === 1 ? names[0] : nearest(asked, names);
}

export function startedAnswer(started: {
  readonly runId: string;
  readonly words: string;
  readonly cluster: NamedCluster;
  readonly dryRun: boolean;
  readonly here: boolean;
}): PrivateAnswer {
  const { cluster, runId } = started;
  const where = started.here ? 'in this channel' : `in <#${cluster.channel}>`;
  const what = started.dryRun ? 'Dry run: the plan' : 'The plan';
  return {
    text: `${what} for ${line(started.words)} in ${line(cluster.name)} is being worked out; it appears ${where}. Run ${code(runId)}.`,
  };
}

export function ineligibleAnswer(why: string): PrivateAnswer {
  return { text: `Handrail does nothing for you here: ${escaped(why)}.` };
}

export function faultAnswer(reference: string): PrivateAnswer {
  return {
    text: `Something went wrong inside Handrail, and what you asked for may not have been done. Look with \`/runbook status\`. For the log: ${code(reference)}.`,
  };
}

export function unsureAboutGroups(groups: readonly string[]): string {
  const names = groups.map((group) => `<!subteam^${escaped(group)}>`).join(', ');
  return `Slack does not say just now who is in ${names}. Try again in a moment.`;
}
