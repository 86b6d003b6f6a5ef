import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoSeed } from '../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../src/demo/workspace/workspace.ts';
import { createDirectory, type Directory } from '../../src/slack/directory.ts';
import { interactiveClient } from '../../src/slack/web-clients.ts';

const log = pino({ level: 'silent' });

let slack: Workspace;
let directory: Directory;
beforeEach(async () => {
  slack = await startWorkspace({ seed: demoSeed });
  const client = interactiveClient({ token: slack.botToken, slackApiUrl: slack.apiUrl, log });
  directory = createDirectory({ client, teamId: 'T0', log });
});
afterEach(() => slack.stop());

const asked = () => slack.calls.filter(({ method }) => method === 'users.info').length;

describe('the language of a person', () => {
  it('is what they have set in Slack, else English', async () => {
    const people = ['U0JUN', 'U0KENJI', 'U0NOBODY'];
    const languages = await Promise.all(people.map((user) => directory.languageOf(user)));

    expect(languages).toEqual(['ko', 'ja', 'en']);
  });

  it('is asked for once', async () => {
    await directory.languageOf('U0JUN');

    expect(await directory.languageOf('U0JUN')).toBe('ko');
    expect(asked()).toBe(1);
  });

  it('is English where Slack does not answer, which is not asked again at once', async () => {
    slack.faults = [(method) => (method === 'users.info' ? { status: 503 } : undefined)];
    await directory.languageOf('U0JUN');
    const before = asked();

    expect(await directory.languageOf('U0JUN')).toBe('en');
    expect(asked()).toBe(before);
    expect(before).toBeGreaterThan(0);
  });
});
