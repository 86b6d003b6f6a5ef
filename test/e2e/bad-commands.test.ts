import { pino } from 'pino';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { connectDatabase } from '../../src/database/postgres.ts';
import { koreaSeed } from '../../src/demo/cluster/seeds.ts';
import { inEnglish } from '../../src/language/translate.ts';
import { footprint } from '../footprint.ts';
import { type HandrailWorld, startHandrailWorld } from './handrail-world.ts';

const KR = 'C0KROPS';
let world: HandrailWorld;
let database: Database;
beforeAll(async () => {
  // the same nodes in both: only the cluster tells them apart
  world = await startHandrailWorld({ japan: koreaSeed() });
  database = await connectDatabase(world.databaseUrl, { log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await database.close();
  await world.stop();
});

/** What the person is told in private for what they typed. */
async function answer(text: string, channel = KR, user = 'U0KENJI'): Promise<string> {
  const before = world.workspace.ephemerals(user).length;
  await world.workspace.slash(user, channel, text);
  await vi.waitUntil(() => world.workspace.ephemerals(user).length > before, 8000);
  return world.workspace
    .ephemerals(user)
    .slice(before)
    .map((each) => each.text)
    .join('\n');
}

/** All that a run would leave in Handrail and in both clusters. */
async function traces(): Promise<unknown> {
  const clusters = [world.cluster, world.japan].map((cluster) =>
    cluster?.world.requests.filter(({ method, dryRun }) => method !== 'GET' && !dryRun),
  );
  return { rows: await footprint(database), clusters };
}

describe('a command that cannot be carried out says why, and what to type', () => {
  it.each<[string, string, RegExp]>([
    [
      'an unknown runbook',
      'node-unstabel kr-b-2',
      /no runbook or command `node-unstabel`\. Did you mean `node-unstable`\?.*\/runbook node-unstable kr-b-2/s,
    ],
    [
      'an unknown word',
      'xylophone',
      /no runbook or command `xylophone`\. Runbooks: node-unstable.*\/runbook list/s,
    ],
    ['an unknown subcommand', 'stauts', /Did you mean `status`\?/],
    ['a subcommand that takes nothing', 'list kr-b-2', /`list` takes no `kr-b-2`: write `list`/],
    ['no target', 'node-unstable', /`node` is missing: .*; give it as `node-unstable \S+`/],
    ['two targets', 'node-unstable kr-b-2 kr-b-3', /acts on one node: `kr-b-2` or `kr-b-3`\?/],
    [
      'an input twice',
      'node-unstable kr-b-2 node=kr-b-3',
      /`node` is given twice: `kr-b-2` and `kr-b-3`/,
    ],
    [
      'an unknown input',
      'node-unstable kr-b-2 maxParalel=2',
      /no input `maxParalel`. Did you mean `maxParallel`\?/,
    ],
    ['an unknown flag', 'node-unstable kr-b-2 --dry', /did you mean `--dry-run`\?/],
    [
      'no number',
      'node-unstable kr-b-2 maxParallel=many',
      /`maxParallel`: `many` is not a Kubernetes quantity/,
    ],
    ['no duration', 'node-unstable kr-b-2 podTimeout=10', /`podTimeout`: `10` is not .*such as /],
    [
      'nothing behind the =',
      'node-unstable kr-b-2 maxParallel=',
      /`maxParallel` needs a value: `maxParallel=…`/,
    ],
    [
      'a quote that is never closed',
      'node-unstable "kr-b-2 maxParallel=2',
      /`node`: `kr-b-2 maxParallel=2` is not .*such as/,
    ],
    [
      'a node that is not there',
      'node-unstable kr-b-22',
      /kr has no node `kr-b-22`; did you mean `kr-b-2`\?/,
    ],
    ['a node of no such kind', 'node-unstable web', /kr has no node `web`; there are kr-/],
    ['a node in capitals', 'node-unstable KR_B_2', /`node`: `KR_B_2` is not .*such as/],
    ['a person', 'node-unstable <@U0MINA>', /`node`: `U0MINA` is not/],
    ['a channel', 'node-unstable <#C0KROPS|kr-oncall>', /kr has no node `kr-oncall`/],
    ['everybody', 'node-unstable <!channel>', /kr has no node `channel`/],
    ['a link', 'node-unstable https://kr-b-2/x', /`node`: `https:\/\/kr-b-2\/x` is not/],
    ['control characters', 'node-unstable kr-b-2\u0000\u0007', /`node`: `.*` is not .*such as/],
    ['letters that only look alike', 'node-unstable kr-b-２', /`node`: `kr-b-２` is not/],
    ['a text without end', `node-unstable ${'x'.repeat(20_000)}`, /`node`: `x{80}…` is not/],
    ['inputs without end', `node-unstable kr-b-2 ${'a=b '.repeat(3000)}`, /has no input `a`/],
    [
      'an unknown cluster',
      'node-unstable kr-b-2 --cluster krr',
      /no cluster `krr`\. Did you mean `kr`\?.*`jp` \(ap-northeast-1\)/s,
    ],
    [
      'a cluster in capitals',
      'node-unstable kr-b-2 --cluster KR',
      /no cluster `KR`\. Did you mean `kr`\?/,
    ],
    [
      'a region',
      'node-unstable kr-b-2 --cluster ap-northeast-1',
      /no cluster `ap-northeast-1`\. Did you mean `jp`\?/,
    ],
    ['an unknown run', 'status r-nosuch', /no run r-nosuch\. See .*\/runbook status/],
    ['a run that is not there to cancel', 'cancel r-nosuch', /no run r-nosuch/],
    ['an exception that nobody offers', 'node-unstable kr-b-2 accept=', /`accept` needs a value/],
  ])('%s', async (_, text, says) => {
    const before = await traces();

    const told = await answer(text);

    expect(told).toMatch(says);
    expect(told).not.toMatch(/<[!@]|undefined|\bat \w+ \(|Error:/);
    expect(told.length).toBeLessThan(3000);
    expect(await traces()).toEqual(before);
  });

  it('asks which cluster in a channel that belongs to none', async () => {
    const before = await traces();

    const told = await answer('node-unstable kr-b-2', 'C0GENERAL');

    expect(told).toMatch(/This channel belongs to no cluster.*`kr`.*`jp`/s);
    expect(await traces()).toEqual(before);
  });
});

describe('what phones and Slack make of a command is read as it was meant', () => {
  it.each([
    ['smart quotes', 'node-unstable “kr-b-2” --dry-run'],
    ['a long dash', 'node-unstable kr-b-2 —dry-run'],
    ['a short dash', 'node-unstable kr-b-2 –dry-run'],
    ['backticks', '`node-unstable` `kr-b-2` --dry-run'],
    ['spaces of all widths', 'node-unstable\u00a0kr-b-2\u3000--dry-run'],
    ['signs that nobody sees', 'node-unstable \u200bkr-b-2\u200b --dry-run'],
  ])('%s', async (_, text) => {
    expect(await answer(text)).toMatch(/^Dry run: the plan for node-unstable kr-b-2 in kr/);
  });
});

describe('nodes of one name', () => {
  const node = () => world.cluster.world.get('Node', 'kr-b-2');
  const askedBy = (runId: string, cluster = world.cluster) =>
    cluster.world.requests.filter(({ userAgent }) => userAgent?.includes(runId));

  it('in two clusters: only the cluster that is named is looked at', async () => {
    const told = await answer('node-unstable kr-b-2 --cluster jp --dry-run');

    expect(told).toMatch(/kr-b-2 in jp is being worked out; it appears in <#C0JPOPS>/);
    const run = await world.until('planned');
    expect(run.cluster).toBe('jp');
    expect(inEnglish(run.plan?.headline ?? '')).toContain('in jp');
  });

  it('one after the other: what was approved for the old one does not touch the new one', async () => {
    await answer('node-unstable kr-b-2', KR, 'U0MINA');
    const { id, plan } = await world.until('awaiting_approval');
    const old = node();
    if (!old) throw new Error('there is no kr-b-2');
    world.cluster.world.remove('Node', 'kr-b-2');
    const { uid: _uid, resourceVersion: _version, ...metadata } = old.metadata;
    world.cluster.world.apply({ ...old, metadata });
    expect(node()?.metadata.uid).not.toBe(old.metadata.uid);

    await world.runs.decide({ runId: id, gate: 1, verdict: 'approve', by: jun });

    await vi.waitFor(
      async () => expect((await world.runs.get(id)).approvals).toHaveLength(2),
      15_000,
    );
    const asked = await world.runs.get(id);
    expect([asked.status, asked.plan?.digest]).not.toContain(plan?.digest);
    expect(askedBy(id).filter(({ method, dryRun }) => method !== 'GET' && !dryRun)).toEqual([]);
    expect(node()?.spec).toEqual(old['spec']);
  });
});

describe('a cluster that is away', () => {
  it('ends the run in its thread with the reason, and with nothing done', async () => {
    await world.japan?.stop();

    await answer('node-unstable kr-b-2 --cluster jp', KR, 'U0MINA');

    const { failure, steps } = await world.until('failed');
    expect(inEnglish(failure?.message ?? '')).toMatch(
      /^could not get Node kr-b-2 in cluster jp: .* cannot be reached \(connect ECONNREFUSED .*\); check the server address in its kubeconfig/,
    );
    expect(steps.map(({ status }) => status)).not.toContain('running');
    const [counts] = await database.query<{ journal: number; locks: number }>(sql`
      select (select count(*) from journal j join run r on r.id = j.run_id where r.cluster = 'jp') as journal,
        (select count(*) from target_lock where cluster = 'jp') as locks`);
    expect(counts).toEqual({ journal: 0, locks: 0 });
  });
});

const jun = { kind: 'slack', id: 'U0JUN', name: 'Jun Seo', groups: ['S0SRE'] } as const;
