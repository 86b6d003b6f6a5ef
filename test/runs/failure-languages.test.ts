import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { translated, translateTo } from '../../src/language/translate.ts';
import { UnknownClusterError } from '../../src/runs/run-errors.ts';
import { jun, type RunWorld, startRunWorld } from './run-world.ts';
import { newShelf, type Shelf } from './shelf-actions.ts';

const shelf: Shelf = newShelf();
let world: RunWorld;

beforeAll(async () => {
  world = await startRunWorld(shelf);
});
afterAll(() => world.stop());
beforeEach(() => {
  Object.assign(shelf, newShelf('cup', 'plate'));
});

/** A run that is asked for, approved, and fails; as it is kept. */
async function failedRun() {
  const runId = await world.ask({ inputs: { shelf: 'high' } });
  await world.until(runId, 'awaiting_approval');
  await world.runs.decide({ runId, gate: 1, verdict: 'approve', by: jun });
  await world.until(runId, 'failed');
  return world.runs.get(runId);
}

const failure = () => new UnknownClusterError('krr', ['kr']);
const korean = '설정에 `krr` 클러스터가 없습니다. `kr`을(를) 말씀하신 건가요?';
const japanese = '設定にクラスター `krr` がありません。 もしかして `kr` ですか？';

describe('why a run failed', () => {
  it('in a step is told to each in their language', async () => {
    shelf.beforeRemoval = () => {
      throw failure();
    };

    const run = await failedRun();

    const shown = translated(run, translateTo('ko'));
    expect(shown.failure?.message).toBe(korean);
    expect(shown.steps[1]?.error?.message).toBe(korean);
    expect(shown.timeline.map(({ text }) => text)).toContain(korean);
    expect(shown.outcome?.summary).toBe(
      `Tidy a shelf(kr의 shelf high) 실행이 실패했습니다: ${korean}`,
    );
    expect(translated(run, translateTo('ja')).outcome?.summary).toBe(
      `Tidy a shelf（kr の shelf high）の実行が失敗しました: ${japanese}`,
    );
  });

  it('is told so too where the workflow engine has kept the error', async () => {
    const { begin } = world.phases;
    world.phases.begin = () => Promise.reject(failure());

    const run = await failedRun().finally(() => {
      world.phases.begin = begin;
    });

    expect(translated(run, translateTo('ko')).failure).toEqual({
      code: 'cluster_unknown',
      message: korean,
    });
    expect(translated(run, translateTo('ja')).timeline.map(({ text }) => text)).toContain(japanese);
  });

  it('is in the audit log in English, which is searched by its words', async () => {
    shelf.duringRemoval = () => {
      throw failure();
    };

    const { id } = await failedRun();

    const entries = await world.database.query<{ outcome: string | null }>(sql`
      select body::jsonb->>'outcome' as outcome from audit_entry where body::jsonb->>'run' = ${id}`);
    expect(entries.map(({ outcome }) => outcome)).toContain(
      'not done: There is no cluster `krr` in the settings. Did you mean `kr`?',
    );
  });
});
