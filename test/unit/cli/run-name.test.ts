import { expect, it } from 'vitest';
import { runName } from '../../../src/cli/run-name.ts';
import { testSession } from './session.ts';

it('names a run by its second and by chance, and its holder for the lock', () => {
  const { run, holder } = runName(testSession().session.world);
  expect(run).toBe('r-20261122T103000Z-sssss');
  expect(run).toMatch(/^r-[0-9TZ]+-[a-z0-9]+$/);
  expect(holder).toBe('alice@ops1, run r-20261122T103000Z-sssss, since 2026-11-22T10:30:00Z');
});
