import { defineConfig } from 'vitest/config';

/** `npm run test:cluster`: test/contract against the cluster that KUBECONFIG names. See docs/testing-against-a-cluster.md. */
export default defineConfig({
  test: {
    include: ['test/contract/*.test.ts'],
    globalSetup: ['test/contract/cluster/guard.ts'],
    provide: {
      cluster: {
        kubeconfigs: (process.env['KUBECONFIG'] ?? '').split(':').filter((file) => file !== ''),
        context: process.env['HANDRAIL_TEST_CONTEXT'] ?? '',
        image: process.env['HANDRAIL_TEST_IMAGE'] || 'busybox:1',
        consent: process.env['HANDRAIL_TEST_CLUSTER'] ?? '',
      },
    },
    // Budgets, probes and grace periods take their minutes.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Tests of one cluster after another: two of them would cordon each other's nodes.
    fileParallelism: false,
    reporters: ['verbose'],
  },
});
