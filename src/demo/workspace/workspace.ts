import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../../clock.ts';
import { Administration } from './administration.ts';
import { AppLink } from './callbacks/app-link.ts';
import type { Outcome } from './callbacks/callback-context.ts';
import type { ElementAction, MessageRef } from './callbacks/clicks.ts';
import { EventDelivery, RETRY_DELAYS_MS } from './callbacks/events.ts';
import { People } from './callbacks/people.ts';
import { RequestUrl } from './callbacks/request-url.ts';
import { ResponseUrls } from './callbacks/response-urls.ts';
import { SocketLinks } from './callbacks/socket-links.ts';
import { TriggerIds } from './callbacks/trigger-ids.ts';
import { type ListeningServer, listen, type Route } from './http-server.ts';
import type { ApiCall, StoredMessage, StoredView, WorkspaceSeed } from './model.ts';
import { openState } from './open-state.ts';
import type { ClusterSource } from './page-server/cluster-view.ts';
import type { Guide } from './page-server/guide.ts';
import { liveStream } from './page-server/live-stream.ts';
import { LiveViews } from './page-server/live-views.ts';
import { pageActions } from './page-server/page-actions.ts';
import { pageQueries } from './page-server/page-queries.ts';
import { staticFiles } from './page-server/static-files.ts';
import type { SlackFaultRule } from './slack-fault.ts';
import type { WorkspaceState } from './state.ts';
import { fileRoute, uploadRoute } from './uploads.ts';
import type { EnteredValues } from './views/entered-state.ts';
import { RateLimits } from './web-api/rate-limits.ts';
import { WebApi } from './web-api/web-api.ts';

/** A Slack workspace in this process: the Web API, signed callbacks, and a page for people. */
export interface Workspace {
  /** The page, `http://127.0.0.1:PORT/`. */
  readonly url: string;
  /** Base of the Web API, for SLACK_API_URL; ends with /api/. */
  readonly apiUrl: string;
  readonly botToken: string;
  /** For Socket Mode: once the app has connected by it, callbacks go over its connections. */
  readonly appToken: string;
  readonly signingSecret: string;
  /** Tells where callbacks go: the app's POST /slack/events. May be called again. */
  connect(requestUrl: string): void;

  /** Types `/runbook <text>`. Resolves when the app has answered or Slack has given up on it. */
  slash(user: string, channel: string, text: string): Promise<Outcome>;
  /** Acts on an element of a message, after its confirm dialog. A text names the action id. */
  click(user: string, message: MessageRef, action: string | ElementAction): Promise<Outcome>;
  /** Acts on an element of an open modal or of the person's Home tab. */
  clickInView(user: string, viewId: string, action: string | ElementAction): Promise<Outcome>;
  /** Values are value objects, texts, or the `value` of an option. */
  submitView(user: string, viewId: string, values: EnteredValues): Promise<Outcome>;
  /** Closes the modal in front. */
  closeView(user: string, viewId: string): Promise<Outcome>;
  /** Posts what a person types: `@Handrail …` mentions the app, in the app's direct conversation it is a message to it. */
  say(user: string, channel: string, text: string, threadTs?: string): Promise<StoredMessage>;
  /** Like `say`, with a mention of the app put in front when there is none. */
  mention(user: string, channel: string, text: string, threadTs?: string): Promise<void>;
  shortcut(user: string, callbackId: string, message?: MessageRef): Promise<Outcome>;
  openHome(user: string): Promise<void>;
  /** Changes who is in a user group, and tells the app. */
  setGroupMembers(group: string, users: readonly string[]): Promise<void>;

  /** All of a conversation, oldest first: replies and deleted ones too. */
  messages(channel: string): readonly StoredMessage[];
  /** What only this person sees, oldest first. */
  ephemerals(user: string): readonly StoredMessage[];
  /** The person's modals, the one in front last. */
  openViews(user: string): readonly StoredView[];
  home(user: string): StoredView | undefined;
  /** The Web API calls so far (the last 10,000). */
  readonly calls: readonly ApiCall[];
  /** Judges each call and callback; the first rule that sees a fault wins. */
  faults: SlackFaultRule[];
  /** Switches Slack's rate limits on. @param speed how many times faster than in Slack time goes by */
  limitRates(speed?: number): void;
  /** What people do to the app without asking it. */
  readonly admin: Administration;
  readonly sockets: SocketLinks;
  stop(): Promise<void>;
}

export interface WorkspaceOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly seed: WorkspaceSeed;
  /** Where to keep everything; without it, all is forgotten at the end. */
  readonly dataFile?: string;
  readonly clock?: Clock;
  /** How long the app has to answer a callback; 3,000 as in Slack. */
  readonly answerTimeoutMs?: number;
  /** When events are delivered again; at once, after a minute and after five as in Slack. */
  readonly eventRetryDelaysMs?: readonly number[];
  /** What the page shows beside the conversations. */
  readonly clusters?: readonly ClusterSource[];
  readonly guide?: Guide;
}

export async function startWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { seed, clock = systemClock, dataFile } = options;
  const { state, close } = await openState(seed, clock, dataFile);
  let server: ListeningServer | undefined;
  const url = () => server?.url ?? '';
  const triggers = new TriggerIds(state.clock);
  const answerTimeoutMs = options.answerTimeoutMs ?? 3000;
  const sockets = new SocketLinks(url, answerTimeoutMs);
  const api = new WebApi({ state, triggers, sockets, url });
  const signingSecret = randomBytes(16).toString('hex');
  const responseUrls = new ResponseUrls(state, url);
  const requestUrl = new RequestUrl({ signingSecret, clock: state.clock, answerTimeoutMs });
  const app = new AppLink({
    transport: () => (sockets.opened > 0 ? sockets : requestUrl),
    clock: state.clock,
    answerTimeoutMs,
    faultOf: (name, args) => api.faultOf(name, args),
  });
  const retryDelaysMs = options.eventRetryDelaysMs ?? RETRY_DELAYS_MS;
  const events = new EventDelivery(state, app, retryDelaysMs);
  const people = new People({ state, triggers, responseUrls, app }, events);
  const admin = new Administration(state, api.installation, triggers);
  const { clusters = [], guide } = options;
  const messages = (channel: string) => state.messages.timeline(channel);
  const views = new LiveViews({ clusters, guide, messages });
  const routes: Route[] = [
    (request, response, at) => api.handle(request, response, at),
    (request, response, at) => responseUrls.handle(request, response, at),
    uploadRoute(state),
    fileRoute(state),
    pageQueries(state),
    pageActions({ people, state, guide }),
    liveStream(state, views),
    staticFiles,
  ];
  server = await listen(options.port ?? 0, routes, (...args) => sockets.upgrade(...args));
  const stop = async () => {
    events.stop();
    sockets.stop();
    await server?.close();
    await close();
  };
  const { url: page } = server;
  return workspaceOf({
    state,
    api,
    people,
    requestUrl,
    sockets,
    admin,
    url: page,
    signingSecret,
    stop,
  });
}

interface Parts {
  readonly state: WorkspaceState;
  readonly api: WebApi;
  readonly people: People;
  readonly requestUrl: RequestUrl;
  readonly sockets: SocketLinks;
  readonly admin: Administration;
  readonly url: string;
  readonly signingSecret: string;
  readonly stop: () => Promise<void>;
}

function workspaceOf({ state, api, people, requestUrl, ...rest }: Parts): Workspace {
  return {
    ...rest,
    apiUrl: `${rest.url}api/`,
    botToken: api.installation.token,
    appToken: api.installation.appToken,
    limitRates: (speed) => {
      api.limits = new RateLimits(state.clock, speed);
    },
    connect: (to) => requestUrl.connect(to),
    slash: (...args) => people.slash(...args),
    click: (...args) => people.click(...args),
    clickInView: (...args) => people.clickInView(...args),
    submitView: (...args) => people.submitView(...args),
    closeView: (...args) => people.closeView(...args),
    say: (...args) => people.say(...args),
    mention: (...args) => people.mention(...args),
    shortcut: (...args) => people.shortcut(...args),
    openHome: (user) => people.openHome(user),
    setGroupMembers: (...args) => people.setGroupMembers(...args),
    messages: (channel) => state.messages.all(channel),
    ephemerals: (user) => state.messages.ephemerals(user),
    openViews: (user) => state.openViews(user),
    home: (user) => state.homes.get(user),
    get calls() {
      return api.calls;
    },
    get faults() {
      return api.faults;
    },
    set faults(rules) {
      api.faults = rules;
    },
  };
}
