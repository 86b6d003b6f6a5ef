import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config.ts';

describe('the environment', () => {
  it('needs nothing', () => {
    expect(readEnvironment({})).toEqual({
      dataDir: resolve('.handrail'),
      port: 3000,
      host: '127.0.0.1',
      logLevel: 'info',
    });
  });

  it('is read whole', () => {
    const environment = readEnvironment({
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_SIGNING_SECRET: 's',
      SLACK_APP_TOKEN: 'xapp-1',
      SLACK_API_URL: 'http://127.0.0.1:9/api',
      DATABASE_URL: 'postgres://u:p@db/handrail',
      HANDRAIL_DATA_DIR: '/var/lib/handrail',
      PORT: '0',
      HOST: '0.0.0.0',
      KUBECONFIG: '/k',
      LOG_LEVEL: 'debug',
      OTHER: 'left alone',
    });

    expect(environment).toEqual({
      slackBotToken: 'xoxb-1',
      slackSigningSecret: 's',
      slackAppToken: 'xapp-1',
      slackApiUrl: 'http://127.0.0.1:9/api/',
      databaseUrl: 'postgres://u:p@db/handrail',
      dataDir: '/var/lib/handrail',
      port: 0,
      host: '0.0.0.0',
      kubeconfig: '/k',
      logLevel: 'debug',
    });
  });

  it('takes an empty variable for none', () => {
    expect(readEnvironment({ PORT: '', DATABASE_URL: '' }).port).toBe(3000);
  });

  it('tells every wrong variable at once, and never what was in it', () => {
    const wrong = {
      SLACK_BOT_TOKEN: 'hunter2',
      PORT: '70000',
      DATABASE_URL: 'mysql://u:hunter3@db',
    };

    const read = () => readEnvironment(wrong);

    expect(read).toThrow(expect.objectContaining({ code: 'environment_invalid' }));
    expect(read).toThrow(
      /SLACK_BOT_TOKEN: expected a bot token.*\nDATABASE_URL: expected a postgres.*\nPORT: expected a port/,
    );
    expect(read).not.toThrow(/hunter|70000/);
  });
});
