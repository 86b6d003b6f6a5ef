import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { footprint } from '../footprint.ts';
import {
  click,
  command,
  FORM,
  interaction,
  JSON_TYPE,
  mention,
  type RequestToSend,
  sendSigned,
  signature,
} from './signed-request.ts';
import { type SlackWorld, startSlackWorld } from './slack-world.ts';

let at: SlackWorld;
const logged: string[] = [];
beforeAll(async () => {
  const log = pino({ level: 'warn' }, { write: (line) => void logged.push(line) });
  at = await startSlackWorld({ log });
});
afterAll(() => at.stop());
beforeEach(() => logged.splice(0));

function send(request: Partial<RequestToSend> & { readonly body: string }) {
  const { signingSecret: secret } = at.slack;
  return sendSigned({ url: at.edge.requestUrl ?? '', secret, ...request });
}

/** What was said to this person in a direct message. */
function direct(user: string): string[] {
  return at.slack.calls.flatMap(({ method, args }) =>
    method === 'chat.postMessage' && args['channel'] === user ? [String(args['text'])] : [],
  );
}

describe('a payload that is not for us, or no longer', () => {
  const olderButton = [{ type: 'button', action_id: 'approval_maybe', action_ts: '1.2' }];
  const olderForm = { id: 'V1', callback_id: 'older_form', state: { values: {} } };

  it.each<[string, string, string]>([
    ['a command of another workspace', command({ team_id: 'T0OTHER' }), 'of another workspace'],
    ['a click of another workspace', click({ team: { id: 'T0OTHER' } }), 'of another workspace'],
    ['an event of another workspace', mention({}, { team_id: 'T0OTHER' }), 'of another workspace'],
    ['a button of an older version', click({ actions: olderButton }), 'an unknown button'],
    [
      'a form of an older version',
      interaction({ type: 'view_submission', view: olderForm }),
      'an unknown form',
    ],
    ['a command that is not ours', command({ command: '/other' }), 'compare it with manifest.yml'],
    ['a button that lost its value', click({}), 'a listener failed'],
  ])('is answered, and starts nothing: %s', async (_, body, says) => {
    const before = await footprint(at.world.database);
    const contentType = body.startsWith('{') ? JSON_TYPE : FORM;

    const { status } = await send({ body, contentType });

    expect(status).toBe(200);
    await vi.waitFor(() => expect(logged.join()).toContain(says));
    expect(await footprint(at.world.database)).toEqual(before);
  });

  it('is told to who sent it: an older form', async () => {
    await send({ body: interaction({ type: 'view_submission', view: olderForm }) });

    await vi.waitFor(() =>
      expect(direct('U0MINA').join()).toContain('another version of Handrail'),
    );
  });
});

describe('a payload that Slack sends in an unusual way', () => {
  const forms = ['; charset=utf-8', ';charset=UTF-8'].map((charset) => FORM + charset);

  it.each([...forms, 'Application/X-WWW-Form-Urlencoded'])('as %s', async (contentType) => {
    const shelf = crypto.randomUUID();

    const answer = await send({ body: command({ text: `tidy ${shelf} --dry-run` }), contentType });

    expect(answer.status).toBe(200);
    await at.find(`tidy ${shelf}`);
  });

  it('as JSON with a charset', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'c4a11e', token: 'legacy' });

    const answer = await send({ body, contentType: `${JSON_TYPE}; charset=utf-8` });

    expect(answer).toEqual({ status: 200, text: expect.stringContaining('c4a11e') });
  });

  it.each([290, -290])('signed %i s ago by our clock', async (ageSeconds) => {
    const shelf = crypto.randomUUID();

    await send({ body: command({ text: `tidy ${shelf} --dry-run` }), ageSeconds });

    await at.find(`tidy ${shelf}`);
  });
});

describe('what comes more than once', () => {
  const runsOn = async (shelf: string) =>
    (await at.world.runs.list({ limit: 100 })).filter(({ target }) => target === `shelf/${shelf}`);

  it('is one run for a command that is replayed with its signature within five minutes', async () => {
    const body = command({ text: 'tidy replayed --dry-run' });
    const sentAt = String(Math.floor(Date.now() / 1000) - 60);
    const headers = {
      'x-slack-request-timestamp': sentAt,
      'x-slack-signature': signature(at.slack.signingSecret, sentAt, body),
    };

    const answers = await Promise.all([1, 2, 3, 4].map(() => send({ body, headers })));
    await vi.waitFor(async () => expect((await runsOn('replayed'))[0]?.status).toBe('planned'));
    answers.push(await send({ body, headers }));
    await send({ body: command({ text: 'tidy after-it --dry-run' }) });
    await vi.waitFor(async () => expect(await runsOn('after-it')).toHaveLength(1));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await runsOn('replayed')).toHaveLength(1);
  });

  it('is one vote for a click that is sent again', async () => {
    const card = await at.askAs('U0MINA', 'tidy clicked-again');
    const [{ id = '' } = {}] = await runsOn('clicked-again');
    const approve = { type: 'button', action_id: 'approval_approve', action_ts: '1700000000.1' };
    const body = click({
      user: { id: 'U0JUN', team_id: 'T0MERIDIAN' },
      actions: [{ ...approve, value: JSON.stringify({ runId: id, gate: 1 }) }],
      message: { ts: card.ts, thread_ts: card.thread_ts },
    });

    await Promise.all([send({ body }), send({ body }), send({ body })]);

    const { approvals } = await at.world.until(id, 'succeeded');
    await send({ body });
    expect(approvals.map(({ votes }) => votes.length)).toEqual([1]);
    expect(at.shelf.removals.toSorted()).toEqual(['cup', 'plate']);
  });

  it('is one answer for an event that is tried again', async () => {
    const body = mention({ text: '<@U0HANDRAIL> list', user: 'U0AIKO' });
    const retries = [{}, retry(1), retry(2)];

    for (const headers of retries) await send({ body, contentType: JSON_TYPE, headers });
    await at.told('U0AIKO', 'Runbooks');
    await send({ body: mention({ text: 'help', user: 'U0AIKO' }), contentType: JSON_TYPE });
    await at.told('U0AIKO', 'Handrail runs runbooks');

    expect(at.slack.ephemerals('U0AIKO')).toHaveLength(2);
  });
});

function retry(count: number): Record<string, string> {
  return { 'x-slack-retry-num': String(count), 'x-slack-retry-reason': 'http_timeout' };
}
