import { defineConfig } from 'vitest/config';

// Node code resolves `#libs/*` to source, so unit and integration tests need no build.
const source = { ssr: { resolve: { conditions: ['source'] } } };

/** Of the full suite what looks at the whole machine, fills it, or takes both processors anyway. */
const alone = [
  'e2e/run/guard.full.e2e.spec.ts',
  'e2e/bench/*.full.e2e.spec.ts',
  'e2e/scenarios/scenarios.full.e2e.spec.ts',
  'e2e/faults/rolling-restart.full.e2e.spec.ts',
  'services/coordinator/src/builders/thousand.full.int.spec.ts',
  'libs/embedded/**/*.full.int.spec.ts',
];

/** What integration specs have: one PostgreSQL for the whole run, a nats-server for each worker; see #libs/testing. */
const integration = {
  globalSetup: ['libs/testing/src/global-setup.ts'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // Each file opens what it needs and closes it again. They wait much of their time.
  isolate: false,
  maxWorkers: 2,
};

/** Of those what looks at pages in Chromium, which only the full suite installs. */
const browser = ['e2e/pages/**/*.int.spec.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          include: ['{libs,services,e2e}/**/*.spec.{ts,tsx}'],
          exclude: ['**/*.int.spec.ts', '**/*.e2e.spec.ts', '**/node_modules/**'],
          // Properties take seconds where something else has the processors: late is not wrong.
          testTimeout: 30_000,
          // Pure rules leave nothing behind: loading them anew for each file took half of the time.
          isolate: false,
        },
      },
      {
        ...source,
        test: {
          name: 'int',
          include: ['{libs,services,e2e}/**/*.int.spec.ts'],
          exclude: ['**/*.full.int.spec.ts', ...browser],
          ...integration,
        },
      },
      {
        ...source,
        test: {
          name: 'browser',
          include: browser,
          ...integration,
        },
      },
      {
        ...source,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.spec.ts'],
          exclude: ['**/*.full.e2e.spec.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // Each has servers and folders of its own, and waits for them much of its time.
          maxWorkers: 2,
        },
      },
      {
        ...source,
        test: {
          name: 'full',
          include: ['{libs,services,e2e}/**/*.full.{int,e2e}.spec.ts'],
          exclude: alone,
          testTimeout: 240_000,
          hookTimeout: 120_000,
          maxWorkers: 3,
        },
      },
      {
        ...source,
        test: {
          name: 'alone',
          include: alone,
          testTimeout: 240_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
