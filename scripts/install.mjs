// Runs before `npm start` and `npm test`, on whatever Node the machine has: installs what the lock file names, if it is not there.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const installed = 'node_modules/.package-lock.json';
/** Put there by the install script of the package `node`. */
const ownNode = 'node_modules/node/bin/node';

/** npm keeps a copy of what it installed: the same packages and versions means nothing is missing. */
function isComplete() {
  if (!existsSync(installed) || !existsSync(ownNode)) return false;
  const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  const there = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || there[path]?.version === entry.version,
  );
}

if (!isComplete()) {
  console.log('Installing what is missing (once, about half a minute)…');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('npm ci failed: see above. Is the npm registry reachable?');
    process.exit(status ?? 1);
  }
  if (!existsSync(ownNode)) {
    console.error(
      'npm installed no Node 24: is `ignore-scripts` set? Then run: npm ci --ignore-scripts=false',
    );
    process.exit(1);
  }
}
