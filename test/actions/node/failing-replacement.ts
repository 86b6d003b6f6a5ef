import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../../src/clock.ts';
import type { Manifest } from '../../../src/demo/cluster/model/objects.ts';
import { errorCode, errorMessage } from '../../../src/errors.ts';
import { inEnglish } from '../../../src/language/translate.ts';
import { type Evening, startEvening } from './evening.ts';

/** Times as the cluster writes them, and short waits. */
const impatient: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => delay(ms / 100, undefined, signal ? { signal } : {}),
};

/** Far longer than a replacement takes that goes well, in milliseconds. */
const timeoutMs = 1_200;

/** What has to do with machines: nothing runs in the cluster, so that no node has to be drained. */
const KEPT = /^(Node|NodePool|NodeClaim|Cluster|Machine|MachineSet|MachineDeployment)$/;

/** A cluster whose node is cordoned, its replacement planned. */
export async function startEmpty(seed: readonly Manifest[], node: string): Promise<Evening> {
  const test = await startEvening({ seed: seed.filter(({ kind }) => KEPT.test(kind)), node });
  await test.plan('node/cordon', {}, { settle: '0s' });
  await test.execute('node/cordon', { input: { settle: '0s' } });
  await test.plan('node/replace');
  return test;
}

/** `code: message` of the error with which the replacement ends, or its summary. */
export async function replaceInTime(test: Evening): Promise<string> {
  try {
    const { summary } = await test.execute('node/replace', { clock: impatient, timeoutMs });
    return inEnglish(summary);
  } catch (error) {
    return `${errorCode(error)}: ${errorMessage(error)}`;
  }
}
