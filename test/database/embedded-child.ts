import { once } from 'node:events';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';

/** A process that starts the Postgres in the directory it is told, and stops it when told so; `ready` in between. */
const [dataDir = ''] = process.argv.slice(2);
const postgres = await startEmbeddedPostgres({ dataDir, log: pino({ level: 'warn' }) });
process.send?.({ url: postgres.url });
await once(process, 'message');
await postgres.stop();
process.disconnect();
