import { runCommandLine } from './cli/command-line.ts';
import { startDemo } from './demo/demo.ts';

await runCommandLine(process.argv, startDemo);
