import { pino } from 'pino';
import { vi } from 'vitest';
import type { StoredMessage, StoredView, WorkspaceSeed } from '../../src/demo/workspace/model.ts';
import { demoSeed } from '../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../src/demo/workspace/workspace.ts';
import type { SlackEdge, SlackOptions } from '../../src/slack/slack.ts';
import { startSlack } from '../../src/slack/start-slack.ts';
import { type RunWorld, startRunWorld } from '../runs/run-world.ts';
import { newShelf, type Shelf } from '../runs/shelf-actions.ts';
import { checkMessages } from './check-messages.ts';
import { fast } from './outbox-world.ts';
import { CHANNEL } from './sample-runs.ts';

/** The demo's people, and those who must be refused. */
const seed: WorkspaceSeed = {
  ...demoSeed,
  users: [
    ...demoSeed.users,
    {
      id: 'U0ALIEN',
      name: 'alien',
      real_name: 'A. Lien',
      tz: 'Etc/UTC',
      locale: 'en',
      is_stranger: true,
    },
    { id: 'U0GONE', name: 'gone', real_name: 'Gone', tz: 'Etc/UTC', locale: 'en', deleted: true },
    { id: 'U0ROBOT', name: 'robot', real_name: 'Robot', tz: 'Etc/UTC', locale: 'en', is_bot: true },
  ],
  channels: demoSeed.channels.map((channel) => ({
    ...channel,
    members: [...channel.members, 'U0ALIEN', 'U0GONE', 'U0ROBOT'],
  })),
};

export interface SlackWorld {
  readonly shelf: Shelf;
  readonly world: RunWorld;
  readonly slack: Workspace;
  readonly edge: SlackEdge;
  /** The message of the channel or of any of its threads whose text holds this. */
  find(text: string, channel?: string): Promise<StoredMessage>;
  /** What this person was told in private last, once it holds this. */
  told(user: string, text: string): Promise<string>;
  /** Types the command and waits for the card. */
  askAs(user: string, text: string): Promise<StoredMessage>;
  /** The modal that this person sees, once it holds this. */
  view(user: string, text: string): Promise<StoredView>;
  stop(): Promise<void>;
}

export async function startSlackWorld(
  changes: Partial<SlackOptions> = {},
  by: 'http' | 'socket' = 'http',
): Promise<SlackWorld> {
  const shelf = newShelf('cup', 'plate');
  const world = await startRunWorld(shelf);
  const slack = await startWorkspace({ seed });
  const edge = await startSlack({
    settings: {
      clusters: [
        { name: 'kr', region: 'ap-northeast-2', channel: CHANNEL, language: 'en' as const },
        { name: 'jp', region: 'ap-northeast-1', channel: 'C0JPOPS', language: 'en' as const },
      ],
    },
    environment: {
      slackBotToken: slack.botToken,
      slackSigningSecret: slack.signingSecret,
      slackAppToken: by === 'socket' ? slack.appToken : undefined,
      slackApiUrl: slack.apiUrl,
      port: 0,
      host: '127.0.0.1',
    },
    runs: world.runs,
    catalogue: world.environment.catalogue,
    database: world.database,
    log: pino({ level: 'silent' }),
    pace: fast,
    ...changes,
  });
  if (edge.requestUrl) slack.connect(edge.requestUrl);
  const find = (text: string, channel = CHANNEL) =>
    soon(() => slack.messages(channel).findLast((each) => shown(each).includes(text)), text);
  return {
    shelf,
    world,
    slack,
    edge,
    find,
    told: async (user, text) => {
      const message = await soon(
        () => slack.ephemerals(user).findLast((each) => each.text.includes(text)),
        `${text} for ${user}`,
      );
      return message.text;
    },
    async askAs(user, text) {
      const before = new Set(slack.messages(CHANNEL).map((each) => each.ts));
      await slack.slash(user, CHANNEL, text);
      return soon(
        () =>
          slack
            .messages(CHANNEL)
            .find((each) => !before.has(each.ts) && shown(each).includes('approval_approve')),
        'a new card',
      );
    },
    view: (user, text) =>
      soon(() => {
        const view = slack.openViews(user).at(-1);
        return view && JSON.stringify(view).includes(text) ? view : undefined;
      }, `a view with ${text}`),
    async stop() {
      await edge.stop();
      await slack.stop();
      await world.stop();
      checkMessages(slack);
    },
  };
}

/** Text and blocks, as one text. */
export function shown(message: StoredMessage): string {
  return `${message.text} ${JSON.stringify(message.blocks)}`;
}

function soon<T>(look: () => T | undefined, what: string): Promise<T> {
  return vi.waitFor(
    () => {
      const found = look();
      if (found === undefined) throw new Error(`not seen: ${what}`);
      return found;
    },
    { timeout: 8000, interval: 20 },
  );
}
