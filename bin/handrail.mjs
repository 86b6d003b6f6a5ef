#!/usr/bin/env node
// Handrail is TypeScript, which needs the Node that its packages bring along. This file runs on whatever Node is there.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../src/main.ts', import.meta.url);
const ownNode = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));

if (process.features.typescript) {
  await import(main.href);
} else if (existsSync(ownNode)) {
  runOnOwnNode();
} else {
  console.error(`handrail: Node ${process.versions.node} is too old, and the one that Handrail brings along is not installed.
Run \`npm ci\` in ${fileURLToPath(new URL('..', import.meta.url))}, or use Node 24.`);
  process.exitCode = 1;
}

function runOnOwnNode() {
  const child = spawn(ownNode, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  // a terminal gives Ctrl-C and its end to both; the polite signal of a supervisor comes here alone
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
