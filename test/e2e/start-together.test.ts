import { afterEach, expect, it } from 'vitest';
import { type Surroundings, startSurroundings } from './handrail-world.ts';
import { ServeProcess } from './serve-process.ts';

let around: Surroundings;
let serving: ServeProcess[] = [];
afterEach(async () => {
  await Promise.all(serving.map((each) => each.kill('SIGKILL')));
  await around.stop();
});

it('three processes that start at the same moment on a new database all come up', {
  timeout: 120_000,
}, async () => {
  around = await startSurroundings();

  serving = await Promise.all([1, 2, 3].map(() => ServeProcess.start(around)));

  const answers = await Promise.all(
    serving.map(({ requestUrl }) => fetch(new URL('/readyz', requestUrl))),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(serving.map(({ log }) => log)).toEqual(['', '', '']);
});
