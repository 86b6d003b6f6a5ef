import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '@slack/bolt';
import { createBoltApp, httpReceiver, REQUEST_PATH } from './bolt-app.ts';
import { safeRoutes, serveRoutes } from './custom-routes.ts';
import { forgetOldDeliveries } from './deliveries.ts';
import { createDirectory } from './directory.ts';
import { registerListeners } from './listeners/register-listeners.ts';
import { startOutbox } from './outbox.ts';
import { defaultPace } from './pace.ts';
import { requireSlackVariables } from './required-variables.ts';
import { slackRoute } from './signed-requests.ts';
import type { SlackEdge, SlackOptions } from './slack.ts';
import { SocketConnections } from './socket-connections.ts';
import { deliveryClient, interactiveClient } from './web-clients.ts';
import { askWhoWeAre, type WhoWeAre } from './who-we-are.ts';

const FORGET_EVERY_MS = 600_000;
/** What is under way gets this long to end when the server stops. */
const GRACE_MS = 3000;

/**
 * Listens to Slack, by Socket Mode where SLACK_APP_TOKEN is set and else by HTTP, and keeps its messages as runs are.
 * @throws SlackSetupError (`slack_setup_invalid`), SlackUnreachableError (`slack_unreachable`)
 */
export async function startSlack(options: SlackOptions): Promise<SlackEdge> {
  const { environment, log, runs, database } = options;
  requireSlackVariables(environment);
  const token = environment.slackBotToken ?? '';
  const access = {
    token,
    log,
    ...(environment.slackApiUrl && { slackApiUrl: environment.slackApiUrl }),
  };
  const delivery = deliveryClient(access);
  const us = await askWhoWeAre(delivery, log);
  const client = interactiveClient(access);
  const directory = createDirectory({ client, teamId: us.teamId, log });
  const { clusters } = options.settings;
  const { catalogue } = options;
  const listening = await listenToSlack(options, { token, us }, (app) =>
    registerListeners(app, { runs, catalogue, clusters, database, directory, client, log }),
  );
  const outbox = await startOutbox({
    database,
    runs,
    log,
    client: delivery,
    ourselves: us,
    pace: options.pace ?? defaultPace,
    channelOf: (cluster) => clusters.find((each) => each.name === cluster),
    approversOf: directory.approversOf,
    languageOf: directory.languageOf,
  });
  const forgetting = setInterval(() => {
    forgetOldDeliveries(database).catch((error: unknown) =>
      log.warn({ err: error }, 'old deliveries were not forgotten'),
    );
  }, FORGET_EVERY_MS);
  return {
    ...listening.address,
    async stop() {
      clearInterval(forgetting);
      await listening.stop();
      await outbox.stop();
    },
  };
}

interface Listening {
  readonly address: Pick<SlackEdge, 'port' | 'requestUrl'>;
  stop(): Promise<void>;
}

function listenToSlack(
  options: SlackOptions,
  we: { readonly token: string; readonly us: WhoWeAre },
  register: (app: App) => void,
): Promise<Listening> {
  const { slackAppToken, slackSigningSecret = '' } = options.environment;
  if (slackAppToken) return listenBySocket(options, { ...we, appToken: slackAppToken }, register);
  return listenByHttp(options, { ...we, signingSecret: slackSigningSecret }, register);
}

async function listenByHttp(
  { environment, log, customRoutes = [] }: SlackOptions,
  we: { readonly token: string; readonly us: WhoWeAre; readonly signingSecret: string },
  register: (app: App) => void,
): Promise<Listening> {
  const { signingSecret, ...rest } = we;
  const receiver = httpReceiver({ signingSecret, log });
  register(createBoltApp({ ...rest, receiver, slackApiUrl: environment.slackApiUrl, log }));
  const { port, host } = environment;
  const routes = [slackRoute(receiver, { signingSecret, log }), ...customRoutes];
  const server = await serveRoutes(safeRoutes(routes, log), { port, host });
  const bound = portOf(server);
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    address: { port: bound, requestUrl: `http://${shownHost}:${bound}${REQUEST_PATH}` },
    stop: () => closeServer(server),
  };
}

async function listenBySocket(
  { environment, log, customRoutes = [] }: SlackOptions,
  we: { readonly token: string; readonly us: WhoWeAre; readonly appToken: string },
  register: (app: App) => void,
): Promise<Listening> {
  const { appToken, ...rest } = we;
  const { slackApiUrl } = environment;
  const receiver = new SocketConnections({ appToken, slackApiUrl, log });
  register(createBoltApp({ ...rest, receiver, slackApiUrl, log }));
  const server = await serveRoutes(safeRoutes(customRoutes, log), environment);
  try {
    await receiver.start();
  } catch (error) {
    await closeServer(server);
    throw error;
  }
  return {
    address: { port: portOf(server) },
    async stop() {
      await receiver.stop();
      await closeServer(server);
    },
  };
}

function portOf(server: Pick<Server, 'address'>): number {
  return (server.address() as AddressInfo).port;
}

/** Lets requests end; what then still hangs is cut off. */
async function closeServer(server: Pick<Server, 'close' | 'closeAllConnections'>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  server.close(() => resolve());
  await promise;
  clearTimeout(cut);
}
