import { on } from 'node:events';
import { pino } from 'pino';
import { connectDatabase } from '../../src/database/postgres.ts';
import { createEngine } from './scenario.ts';

/** One process of Handrail, as far as the engine goes: told which runs to start, or `stop`. */
const [url = '', executorId = '', version = '1'] = process.argv.slice(2);
const log = pino({ level: 'error' });
const database = await connectDatabase(url, { log });
const engine = createEngine({ url, executorId, version, database, log });
await engine.launch();
process.send?.('launched');

for await (const [message] of on(process, 'message')) {
  if (message === 'stop') break;
  await engine.start(String(message));
  process.send?.('started');
}
const down = engine.shutdown();
process.send?.('stopping');
await down;
await database.close();
process.disconnect();
