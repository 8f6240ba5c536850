import { defineConfig } from 'vitest/config';

// `unit` stands beside the code it tests; `e2e` drives the whole product from outside.
export default defineConfig({
  test: {
    reporters: ['default', './scripts/closing-line-reporter.ts'],
    // Tests need no order; the seed is printed, and `--sequence.seed` repeats a run's order.
    sequence: { shuffle: true },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'bench/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          globalSetup: ['packages/hub/src/testing/provide-postgres.ts'],
        },
      },
      {
        // What stands on the database's transactions once more, on one that gives some of them up.
        test: {
          name: 'serializable',
          include: [
            'packages/hub/src/store/{migrate,open-store,prove-store}.test.ts',
            'packages/hub/src/due-work/*.test.ts',
            'packages/hub/src/tokens/{refresh-lease,store-token-set}.test.ts',
          ],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          globalSetup: ['packages/hub/src/testing/provide-contentious-postgres.ts'],
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
