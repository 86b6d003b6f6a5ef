import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { footprint } from '../footprint.ts';
import { command, JSON_TYPE, type RequestToSend, sendSigned, signature } from './signed-request.ts';
import { type SlackWorld, startSlackWorld } from './slack-world.ts';

let at: SlackWorld;
let before: unknown;
const logged: string[] = [];
beforeAll(async () => {
  const log = pino({ level: 'warn' }, { write: (line) => void logged.push(line) });
  at = await startSlackWorld({ log });
  before = await traces();
});
afterAll(() => at.stop());
beforeEach(() => logged.splice(0));
/** What came of all that was sent here. */
async function traces(): Promise<unknown> {
  const shown = at.slack.calls.filter(({ method }) => method !== 'auth.test');
  return { rows: await footprint(at.world.database), shown };
}

/** Signed, and at its time, as far as the test does not say otherwise. */
function send(request: Partial<RequestToSend>) {
  const { signingSecret: secret } = at.slack;
  return sendSigned({ url: at.edge.requestUrl ?? '', secret, body: command(), ...request });
}

const HOUR_SECONDS = 3600;
const SIGNATURE = 'x-slack-signature';
const TIME = 'x-slack-request-timestamp';

describe('a request that Slack has not signed, or not now', () => {
  it.each<[string, Partial<RequestToSend>, RegExp]>([
    ['has no signature', { headers: { [SIGNATURE]: undefined } }, /not signed.*X-Slack-Signature/],
    ['has no time', { headers: { [TIME]: undefined } }, /not signed.*X-Slack-Request-Timestamp/],
    ['has a time in words', { headers: { [TIME]: 'yesterday' } }, /no time in seconds/],
    ['has a time of infinity', { headers: { [TIME]: 'Infinity' } }, /no time in seconds/],
    ['has an empty time', { headers: { [TIME]: '' } }, /no time in seconds/],
    ['has half a signature', { headers: { [SIGNATURE]: 'v0=abc' } }, /signature does not fit/],
    ['is signed in no known way', { headers: { [SIGNATURE]: 'v9=a' } }, /signature does not fit/],
    ['is signed by another app', { secret: 'other' }, /does not fit: check.*SLACK_SIGNING_SECRET/],
    ['is an hour old', { ageSeconds: HOUR_SECONDS }, /signed 360\d s ago by the clock.*NTP/],
    ['is a little too old', { ageSeconds: 302 }, /signed 30\d s ago/],
    ['is an hour ahead', { ageSeconds: -HOUR_SECONDS }, /3(600|59\d) s in the future.*NTP/],
    ['is a little too far ahead', { ageSeconds: -310 }, /signed 3(10|0\d) s in the future/],
  ])('%s', async (_, request, says) => {
    const answer = await send(request);

    expect(answer.status).toBe(401);
    expect(answer.text).toMatch(says);
    expect(logged.join()).toMatch(says);
    expect(logged.join()).not.toContain(at.slack.signingSecret);
    expect(await traces()).toEqual(before);
  });

  it('had its body changed on the way', async () => {
    const sentAt = String(Math.floor(Date.now() / 1000));
    const other = signature(at.slack.signingSecret, sentAt, command({ text: 'list' }));

    const answer = await send({ headers: { [TIME]: sentAt, [SIGNATURE]: other } });

    expect(answer.status).toBe(401);
    expect(await traces()).toEqual(before);
  });
});

describe('a body that is none of Slack', () => {
  const json = (body: string) => ({ body, contentType: JSON_TYPE });

  it.each<[string, Partial<RequestToSend>, RegExp]>([
    ['is empty', { body: '' }, /^400 .*form-urlencoded body is no event, command or click/],
    ['is empty JSON', json(''), /^400 .*json body is no event, command or click/],
    ['is JSON that says nothing', json('null'), /^400 .*is no event/],
    ['is a list', json('[1]'), /^400 .*is no event/],
    ['is broken JSON', json('{"type":'), /^400 .*is no event/],
    ['has broken JSON in its payload', { body: 'payload=%7Bbroken' }, /^400 .*is no event/],
    ['has nothing in its payload', { body: 'payload=null' }, /^400 .*is no event/],
    ['has an empty payload', { body: 'payload=' }, /^400 .*is no event/],
    ['is JSON said to be a form', { body: '{"type":"event_callback"}' }, /^400 .*form-urlencoded/],
    ['is a form said to be JSON', json('command=%2Frunbook&text=list'), /^400 .*json body is no/],
    [
      'is of another type',
      { contentType: 'text/plain' },
      /^415 .*JSON and forms, not "text\/plain/,
    ],
    ['is of no type', { contentType: '' }, /^415 .*not ""/],
  ])('%s', async (_, request, says) => {
    const { status, text } = await send(request);

    expect(`${status} ${text}`).toMatch(says);
    expect(logged.join()).toContain(text.trim().slice(0, 30));
    expect(await traces()).toEqual(before);
  });

  it.each(['', 'wrong'])('is larger than any of Slack, signed or not (%j)', async (wrong) => {
    const body = command({ text: 'x'.repeat(5 * 1024 * 1024) });

    const answer = await send({ body, ...(wrong && { secret: wrong }) });

    expect(answer.status).toBe(413);
    expect(answer.text).toContain('no bodies of more than 4194304 bytes');
    expect(await traces()).toEqual(before);
  });
});

describe('asked in another way', () => {
  it('is told what can be done at the address of Slack', async () => {
    const answer = await fetch(at.edge.requestUrl ?? '');

    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await traces()).toEqual(before);
  });

  it.each(['//', '/slack/events/x', '/?%', '/slack%2Fevents'])(
    'finds nothing at %s',
    async (path) => {
      const answer = await fetch(`http://127.0.0.1:${at.edge.port}${path}`, { method: 'POST' });

      expect(answer.status).toBe(404);
    },
  );

  it('answers the challenge only to Slack', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'c4a11e', token: 'legacy' });

    const answer = await send({ body, contentType: JSON_TYPE, secret: 'none' });

    expect(answer.status).toBe(401);
    expect(answer.text).not.toContain('c4a11e');
    expect(await traces()).toEqual(before);
  });

  it('starts nothing under cover of the check of our certificate, which Slack does not sign', async () => {
    const answer = await send({ body: `${command()}&ssl_check=1`, secret: 'none' });

    expect(answer.status).toBe(200);
    expect(await traces()).toEqual(before);
  });
});
