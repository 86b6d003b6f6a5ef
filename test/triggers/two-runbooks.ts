import { type Runbook, RunbookCatalogue } from '../../src/runbooks/runbook.ts';

function runbook(name: string): Runbook {
  const input = (of: string, type: 'node' | 'quantity' | 'string' | 'boolean') => ({
    name: of,
    type,
    title: of,
    required: of === 'node',
    choices: [],
  });
  return {
    name,
    title: name,
    description: name,
    inputs: [
      input('node', 'node'),
      input('maxParallel', 'quantity'),
      input('reason', 'string'),
      input('force', 'boolean'),
    ],
    target: 'node',
    steps: [],
    on: { command: true },
  };
}

export const catalogue = new RunbookCatalogue([runbook('node-unstable'), runbook('oom')]);
