import http, {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { KubeConfig } from '@kubernetes/client-node';
import type { Json } from './json.ts';
import { Watch } from './watch.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Parsed where it is JSON. */
  readonly body: Json;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Requests to a cluster, with the credentials of its kubeconfig, and the answers as they came. The client library would not
 * do: it turns refusals into exceptions and drops headers, and those are what the contract compares.
 */
export class ClusterApi {
  readonly #config: KubeConfig;

  constructor(config: KubeConfig) {
    this.#config = config;
  }

  get server(): string {
    return (this.#config.getCurrentCluster()?.server ?? '').replace(/\/$/, '');
  }

  /** Empty where the kubeconfig's user has another way to be known. */
  get token(): string {
    return this.#config.getCurrentUser()?.token ?? '';
  }

  /** As JSON, which is YAML. */
  get kubeconfig(): string {
    return this.#config.exportConfig();
  }

  /** The same cluster, asked by whoever holds this token, and without the certificate of the kubeconfig's user. */
  withToken(token: string): ClusterApi {
    const cluster = this.#config.getCurrentCluster();
    if (cluster === null) throw new Error('the kubeconfig names no cluster');
    const config = new KubeConfig();
    config.loadFromClusterAndUser(cluster, { name: 'contract', token });
    return new ClusterApi(config);
  }

  /** `call` is a method and a path: `GET /version`. */
  async send(call: string, options: CallOptions = {}): Promise<Answer> {
    const response = await this.#request(call, options);
    const { statusCode = 0, headers } = response;
    const body = await text(response);
    const isJson = headers['content-type']?.includes('json') ?? false;
    return { status: statusCode, headers, body: isJson ? JSON.parse(body) : body };
  }

  /** The body of an answer that is to be a success. @throws Error with the API's own words where it is none */
  async expect(call: string, options: CallOptions = {}): Promise<Json> {
    const { status, body } = await this.send(call, options);
    if (status < 300) return body;
    throw new Error(`${call}: ${status} ${JSON.stringify(body)}`);
  }

  async watch(path: string, options: CallOptions = {}): Promise<Watch> {
    return new Watch(await this.#request(`GET ${path}`, options));
  }

  async #request(call: string, options: CallOptions): Promise<IncomingMessage> {
    const [method, path = '/'] = call.split(' ');
    const url = new URL(this.server + path);
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const contentType = options.contentType ?? 'application/json';
    const settings: RequestOptions = {
      ...(method === undefined ? {} : { method }),
      headers: {
        // The length too: Node sends none with a DELETE.
        ...(body === undefined
          ? {}
          : { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }),
        ...options.headers,
      },
    };
    await this.#config.applyToHTTPSOptions(settings);
    const { request } = url.protocol === 'http:' ? http : https;
    return await new Promise((resolve, reject) => {
      request(url, settings, resolve).on('error', reject).end(body);
    });
  }
}
