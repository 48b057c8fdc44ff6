import { defineConfig } from 'vitest/config';
import { needTags } from './test/support/needs.ts';

/** `.sh` files under src/ are imported as text, as the bundler does (build.mjs). */
const shellAsText = {
  name: 'shell-as-text',
  enforce: 'pre' as const,
  transform: (code: string, id: string) =>
    id.endsWith('.sh') ? { code: `export default ${JSON.stringify(code)}`, map: null } : undefined,
};
const plugins = [shellAsText];
const setupFiles = ['test/support/needs-in-ci.ts'];
const tags = needTags();
/** Real hosts of which each test takes many seconds of its own: `*.slow.test.ts` among the integration tests. */
const slow = 'test/integration/**/*.slow.test.ts';
const withHosts = {
  globalSetup: ['test/support/bundle.ts'],
  setupFiles,
  tags,
  testTimeout: 60_000,
  hookTimeout: 90_000,
};

export default defineConfig({
  test: {
    // Most of a test with real hosts is waiting: more of them than there are cores go on at the same time.
    maxWorkers: 4,
    reporters: ['default', './test/support/needs-reporter.ts'],
    projects: [
      {
        plugins,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // Pure code has no state that one file could leave to the next: each module is loaded once, not once a file.
          isolate: false,
          setupFiles,
          tags,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: [slow],
          ...withHosts,
        },
      },
      {
        plugins,
        // Four of them at a time on two cores: what takes a second alone may take half a minute.
        test: { name: 'slow', include: [slow], ...withHosts, testTimeout: 120_000, hookTimeout: 180_000 },
      },
      {
        plugins,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/bundle.ts', 'test/e2e/support/roots.ts'],
          testTimeout: 600_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
