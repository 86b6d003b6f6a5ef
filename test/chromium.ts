import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe, inject } from 'vitest';

const CHROMIUM = '/usr/bin/chromium';

/** Skipped, and reported as skipped, where Debian's Chromium is missing; in CI its absence is a failure. */
export const describeInChromium = describe.skipIf(
  !existsSync(CHROMIUM) && !inject('browserRequired'),
);

/** Headless, and silent: without these flags it calls out at every start. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

declare module 'vitest' {
  interface ProvidedContext {
    browserRequired: boolean;
  }
}
