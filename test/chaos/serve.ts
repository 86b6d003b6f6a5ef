import { once } from 'node:events';
import { argv, stdout } from 'node:process';
import { startHandrail } from '../../src/app.ts';
import { loadSettings, readEnvironment } from '../../src/config.ts';
import { createLogger } from '../../src/log.ts';
import { defaultPace } from '../../src/slack/pace.ts';

// `handrail serve`, with messages as fast as they come: Slack's own limits would make a test of minutes one of hours.
const environment = readEnvironment();
const handrail = await startHandrail({
  settings: loadSettings(argv[3] ?? ''),
  environment,
  log: createLogger(environment.logLevel),
  pace: {
    ...defaultPace,
    postEveryMs: 20,
    updateEveryMs: 20,
    updateBurst: 20,
    sameMessageEveryMs: 300,
    lookUpAfterMs: 700,
    pollMs: 50,
    sweepMs: 500,
    askAgainMs: 2000,
  },
});
stdout.write(`Handrail is running at ${handrail.requestUrl}.\n`);
await once(process, 'SIGTERM');
await handrail.stop();
process.exit(0);
