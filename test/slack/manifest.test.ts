import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { REQUEST_PATH } from '../../src/slack/bolt-app.ts';
import { COMMAND, EVENTS } from '../../src/slack/listeners/register-listeners.ts';
import { REQUIRED_SCOPES } from '../../src/slack/required-scopes.ts';

/** Slack's own schema is not ours to keep: where a copy lies beside the checkout, the manifest is checked against it. */
const SCHEMA = join(process.cwd(), '../shared/data/slack-manifest-schema-v2.json');

const Manifest = z.object({
  features: z.object({
    slash_commands: z.array(z.object({ command: z.string(), url: z.string() })),
    shortcuts: z.array(z.unknown()).default([]),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({
    event_subscriptions: z.object({ request_url: z.string(), bot_events: z.array(z.string()) }),
    interactivity: z.object({ is_enabled: z.boolean(), request_url: z.string() }),
  }),
});
const raw: unknown = parse(readFileSync('manifest.yml', 'utf8'));
const manifest = Manifest.parse(raw);

/** What each method, event and feature that we use needs. @see https://docs.slack.dev/reference/scopes */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.getPermalink': [],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.open': ['im:write'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.update': [],
  app_home_opened: [],
  app_mention: ['app_mentions:read'],
  'message.im': ['im:history'],
  [COMMAND]: ['commands'],
};

/** Every Web API method that the source calls. */
async function methodsCalled(): Promise<string[]> {
  const files = await readdir('src/slack', { recursive: true });
  const sources = await Promise.all(
    files
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFile(join('src/slack', file), 'utf8')),
  );
  const calls = sources.flatMap((source) => [
    ...source.matchAll(/client\s*\.([a-z]+)\s*\.([a-zA-Z]+)(?:\.([a-zA-Z]+))?\(/g),
  ]);
  return [...new Set(calls.map(([, ...parts]) => parts.filter(Boolean).join('.')))];
}

describe('the manifest', () => {
  it('is what Slack takes', ({ skip }) => {
    skip(!existsSync(SCHEMA), 'there is no copy of the schema of Slack beside this checkout');
    const ajv = new Ajv({ strict: false, allErrors: true, formats: { uri: true } });
    const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));
    expect(validate(raw) ? [] : validate.errors).toEqual([]);
  });

  it('names the commands and events that are listened to, and no others', () => {
    const { slash_commands, shortcuts } = manifest.features;
    expect(slash_commands.map((each) => each.command)).toEqual([COMMAND]);
    expect(shortcuts).toEqual([]);
    expect(manifest.settings.event_subscriptions.bot_events.toSorted()).toEqual(
      Object.keys(EVENTS).toSorted(),
    );
  });

  it('sends everything to the address that is served', () => {
    const { event_subscriptions, interactivity } = manifest.settings;
    const urls = [
      ...manifest.features.slash_commands.map((each) => each.url),
      event_subscriptions.request_url,
      interactivity.request_url,
    ];
    expect(urls.map((url) => new URL(url).pathname)).toEqual(urls.map(() => REQUEST_PATH));
    expect(interactivity.is_enabled).toBe(true);
  });

  it('asks for the scopes that are needed, and no others', async () => {
    const used = [...(await methodsCalled()), ...Object.keys(EVENTS), COMMAND];
    expect(used).toContain('chat.postMessage');
    expect(used).toContain('usergroups.users.list');
    expect(used.filter((each) => SCOPES[each] === undefined)).toEqual([]);
    const needed = new Set(used.flatMap((each) => SCOPES[each] ?? []));
    expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual([...needed].toSorted());
    expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual(
      Object.keys(REQUIRED_SCOPES).toSorted(),
    );
  });
});
