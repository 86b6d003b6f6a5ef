import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';

export interface ConnectedApp {
  readonly app: App;
  stop(): Promise<void>;
}

/** A real Bolt app that listens on a free port and is the app of the workspace. */
export async function connectBolt(
  workspace: Workspace,
  listeners: (app: App) => void,
): Promise<ConnectedApp> {
  const receiver = new HTTPReceiver({
    signingSecret: workspace.signingSecret,
    logLevel: LogLevel.ERROR,
  });
  const app = new App({
    receiver,
    token: workspace.botToken,
    clientOptions: { slackApiUrl: workspace.apiUrl, retryConfig: { retries: 0 } },
    logLevel: LogLevel.ERROR,
    convoStore: false,
    deferInitialization: true,
  });
  listeners(app);
  await app.init();
  const server = await receiver.start({ port: 0, host: '127.0.0.1' });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the app has no port');
  workspace.connect(`http://127.0.0.1:${address.port}/slack/events`);
  return {
    app,
    stop: async () => {
      server.closeAllConnections();
      await receiver.stop();
    },
  };
}
