import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/postgres-setup.ts'],
    setupFiles: ['test/english-texts.ts'],
    provide: {
      browserRequired: process.env['CI'] === 'true',
      // test/contract starts simulated clusters for itself: whatever KUBECONFIG names, `npm test` leaves it alone.
      cluster: null,
      clusterRun: 'simulated',
      // Chance in test/chaos; the seed is part of the test's name.
      chaos: {
        seed: Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000),
        runs: Number(process.env['CHAOS_RUNS'] ?? 10),
      },
    },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
