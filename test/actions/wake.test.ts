import { describe, expect, it } from 'vitest';
import { Wake } from '../../src/actions/wake.ts';
import { systemClock } from '../../src/clock.ts';

const HOUR_MS = 3_600_000;

function wakeUntil(signal = new AbortController().signal): Wake {
  return new Wake(systemClock, signal);
}

describe('Wake', () => {
  it('ends every wait when it rings', async () => {
    const wake = wakeUntil();
    const waits = [wake.wait(HOUR_MS), wake.wait(HOUR_MS)];
    wake.wake();
    await expect(Promise.all(waits)).resolves.toHaveLength(2);
  });

  it('does not wait for what has rung while its waiter was looking', async () => {
    const wake = wakeUntil();
    const heard = wake.rings;
    wake.wake();
    await expect(wake.wait(HOUR_MS, heard)).resolves.toBeUndefined();
  });

  it('ends a wait after its time', async () => {
    await expect(wakeUntil().wait(1)).resolves.toBeUndefined();
  });

  it('says why it was stopped', async () => {
    const stop = new AbortController();
    const wake = wakeUntil(stop.signal);
    const waiting = wake.wait(HOUR_MS);
    stop.abort(new Error('stopped by Mina'));
    await expect(waiting).rejects.toThrow('stopped by Mina');
    await expect(wake.wait(HOUR_MS)).rejects.toThrow('stopped by Mina');
  });
});
