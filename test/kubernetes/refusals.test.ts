import { afterEach, describe, expect, it } from 'vitest';
import { translateTo } from '../../src/language/translate.ts';
import { failureOf } from './failure-of.ts';
import {
  type LocalApiServer,
  sendJson,
  sendStatus,
  startLocalApiServer,
} from './local-api-server.ts';
import { recordedAnswer } from './recording.ts';

let server: LocalApiServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const pod = { namespace: 'rec', name: 'web-1', uid: 'u-1' };

describe('refusals of a real API server', () => {
  it.each([
    { number: '13', code: 'kubernetes_invalid', says: /the API server refuses the content/ },
    { number: '14', code: 'kubernetes_conflict', says: /replaced meanwhile \(Operation cannot/ },
    {
      number: '15',
      code: 'kubernetes_badrequest',
      says: /finds it malformed \(error decoding patch/,
    },
    {
      number: '19',
      code: 'kubernetes_toomanyrequests',
      says: /budget does not allow it now \(The disruption budget web needs 3 healthy pods and has 3 currently\); wait until/,
    },
    { number: '25', code: 'kubernetes_conflict', says: /UID in the precondition/ },
    { number: '27', code: 'kubernetes_internalerror', says: /more than one PodDisruptionBudget/ },
    { number: '33', code: 'kubernetes_alreadyexists', says: /one of this name is there already/ },
    {
      number: '54',
      code: 'kubernetes_forbidden',
      says: /not allowed \(.*cannot create resource "pods\/eviction".*; grant `create pods\/eviction` to system:serviceaccount:rec:default in namespace rec, by a Role$/,
    },
    { number: '56', code: 'kubernetes_unauthorized', says: /our credentials; renew/ },
    { number: '62', code: 'kubernetes_forbidden', says: /it is being terminated/ },
  ])('tells recording $number apart as $code', async ({ number, code, says }) => {
    const { status, body } = recordedAnswer(number);
    server = await startLocalApiServer((_, response) => sendJson(response, status, body));

    const error = await failureOf(server.cluster.evict(pod));

    expect(error).toMatchObject({ code, status, effectUncertain: false });
    expect(error.message).toMatch(/^could not evict Pod rec\/web-1 in cluster kr: /);
    expect(error.message).toMatch(says);
  });

  it('are said in the language of who reads them, with the words of the API server as they are', async () => {
    const { status, body } = recordedAnswer('54');
    server = await startLocalApiServer((_, response) => sendJson(response, status, body));

    const { text } = await failureOf(server.cluster.evict(pod));

    expect(translateTo('ko')(text)).toMatch(
      /^kr 클러스터에서 실패한 호출: Pod rec\/web-1 축출\. 권한이 없거나 허용되지 않습니다\(.*cannot create resource "pods\/eviction".*\)\. rec 네임스페이스에서 system:serviceaccount:rec:default에게 Role로 `create pods\/eviction` 권한을 부여하세요$/,
    );
    expect(translateTo('ja')(text)).toMatch(
      /^クラスター kr で失敗した呼び出し: Pod rec\/web-1 の退避。/,
    );
  });

  it('keeps the causes that the API server gives', async () => {
    const { status, body } = recordedAnswer('62');
    server = await startLocalApiServer((_, response) => sendJson(response, status, body));

    const { causes } = await failureOf(server.cluster.evict(pod));

    expect(causes).toEqual([
      {
        reason: 'NamespaceTerminating',
        message: 'namespace rec is being terminated',
        field: 'metadata.namespace',
      },
    ]);
  });

  it('keeps our token out of every error', async () => {
    server = await startLocalApiServer((_, response) => sendStatus(response, 403));

    const error = await failureOf(server.cluster.evict(pod));

    expect(server.seen[0]?.headers.authorization).toBe('Bearer token-of-kr');
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('token-of-kr');
  });
});
