/** Loaded before each file of tests: in CI a test fails that would be skipped elsewhere. */
import { beforeEach } from 'vitest';
import { IN_CI, isThere, needsOf, remedyOf } from './needs.ts';

beforeEach(({ task }) => {
  if (!IN_CI) return;
  const missing = needsOf(task.tags ?? []).filter((need) => !isThere(need));
  if (missing.length > 0)
    throw new Error(missing.map((need) => `this test needs ${need}: ${remedyOf(need)}`).join('\n'));
});
