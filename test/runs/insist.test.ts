import { describe, expect, it } from 'vitest';
import { KubernetesError } from '../../src/kubernetes/kubernetes.ts';
import { insist } from '../../src/runs/insist.ts';

/** A clock on which sleeping takes no time, and notes how long it would have been. */
function startTrial(answers: readonly (Error | string)[]) {
  const slept: number[] = [];
  const left = [...answers];
  const environment = {
    clock: { now: () => 0, sleep: async (ms: number) => void slept.push(ms) },
    shutdown: new AbortController().signal,
  };
  const work = async () => {
    const answer = left.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { slept, left, insist: () => insist(environment, work) };
}

const failure = (status: number, retryAfterMs?: number) =>
  new KubernetesError({ text: `answered ${status}`, status, reason: 'Test', retryAfterMs });

describe('what is taken back at the end of a run', () => {
  it.for([0, 429, 500, 503])('is tried again after a passing failure (%i)', async (status) => {
    const trial = startTrial([failure(status), failure(status), 'done']);
    expect(await trial.insist()).toBe('done');
    expect(trial.slept).toEqual([500, 1000]);
  });

  it('waits as long as the API server asks', async () => {
    const trial = startTrial([failure(429, 7000), 'done']);
    await trial.insist();
    expect(trial.slept).toEqual([7000]);
  });

  it.for([403, 404, 409, 422])(
    'ends at once where it is refused with a reason (%i)',
    async (status) => {
      const trial = startTrial([failure(status), 'done']);
      await expect(trial.insist()).rejects.toMatchObject({ status });
      expect(trial.left).toEqual(['done']);
    },
  );

  it('is given up after minutes, with the last failure', async () => {
    const trial = startTrial(Array.from({ length: 50 }, () => failure(503)));
    await expect(trial.insist()).rejects.toMatchObject({ status: 503 });
    const waited = trial.slept.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThan(60_000);
    expect(waited).toBeLessThan(300_000);
  });
});
