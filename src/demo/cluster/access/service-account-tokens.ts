import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ServiceAccount } from '../model/kinds.ts';
import { isRecord, type KubeObject, timestamp } from '../model/objects.ts';
import type { Store } from '../storage/store.ts';
import { serviceAccountUser, type User } from './users.ts';

const issuer = 'https://kubernetes.default.svc.cluster.local';
const shortestSeconds = 600;
const usualSeconds = 3600;

const Claims = z.object({
  exp: z.number(),
  'kubernetes.io': z.object({
    namespace: z.string(),
    serviceaccount: z.object({ name: z.string(), uid: z.string() }),
  }),
});

/** Issues and checks the tokens of service accounts: JSON web tokens that name the account by UID, and expire. */
export class ServiceAccountTokens {
  readonly #store: Store;
  readonly #key: string;

  constructor(store: Store, key: string) {
    this.#store = store;
    this.#key = key;
  }

  /** Answers a TokenRequest for this account. */
  issue(account: KubeObject, request: unknown): Record<string, unknown> {
    const spec = isRecord(request) && isRecord(request['spec']) ? request['spec'] : {};
    const wanted = Number(spec['expirationSeconds'] ?? usualSeconds);
    const expiresAt =
      Math.floor(this.#store.clock.now() / 1000) + Math.max(shortestSeconds, wanted);
    const { name, namespace = '', uid } = account.metadata;
    const claims = {
      aud: [issuer],
      exp: expiresAt,
      iss: issuer,
      'kubernetes.io': { namespace, serviceaccount: { name, uid } },
      sub: serviceAccountUser(namespace, name).name,
    };
    const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, creationTimestamp: this.#store.timestamp() },
      spec: { audiences: [issuer], ...spec, expirationSeconds: Math.max(shortestSeconds, wanted) },
      status: {
        token: `${signed}.${this.#sign(signed)}`,
        expirationTimestamp: timestamp(expiresAt * 1000),
      },
    };
  }

  /** The account's user; undefined where the token is none of ours, has expired, or its account is gone. */
  userOf(token: string): User | undefined {
    const [header = '', payload = '', signature = ''] = token.split('.');
    if (!isSame(signature, this.#sign(`${header}.${payload}`))) return undefined;
    const claims = Claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    const { namespace, serviceaccount } = claims['kubernetes.io'];
    const account = this.#store.get(ServiceAccount, serviceaccount.name, namespace);
    if (account?.metadata.uid !== serviceaccount.uid) return undefined;
    if (claims.exp * 1000 < this.#store.clock.now()) return undefined;
    return serviceAccountUser(namespace, serviceaccount.name);
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function isSame(given: string, expected: string): boolean {
  return (
    given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected))
  );
}
