import { expect, it } from 'vitest';
import { runCli } from '../../../src/cli/program.ts';
import { repository } from '../inventory/support.ts';
import { testContext } from './context.ts';

/** Of whatever branch a clone is. */
const BASE = ['--base', 'HEAD'];
const OUT = ['--out', '/nonexistent/p1.plan'];

/** What a plan with these options is refused with, before anything is read. */
const refusal = async (...options: readonly string[]) => {
  const { context, stderr } = testContext({}, { packageRoot: repository });
  const exitCode = await runCli(['plan', 'p1', ...options], context.world);
  return { exitCode, said: stderr().replace(/\s+/g, ' ').trim() };
};

it.each([
  [[...BASE, '--start'], '--base and --start do not go together', 'asks no host'],
  [[...BASE, '--show-replaced'], '--base and --show-replaced do not go together', 'asks no host'],
  [[...BASE, ...OUT], '--base and --out do not go together', 'asks no host'],
  [[...BASE, '--only-drift'], '--only-drift and --base do not go together', 'changed by hand'],
  [[...BASE, '--no-preflight'], '--base and --no-preflight do not go together', 'asks no host'],
  [[...BASE, '--forks', '4'], '--base and --forks do not go together', 'asks no host'],
  [[...BASE, '--transport', 'local'], '--base and --transport do not go together', 'asks no host'],
  [['--only-drift', '--start'], '--only-drift and --start do not go together', 'changed by hand'],
  [['--only-drift', ...OUT], '--only-drift and --out do not go together', 'changed by hand'],
  [[...OUT, '--show-replaced'], '--out and --show-replaced do not go together', 'texts of hosts'],
  [
    ['--valid', '72h'],
    '--valid says how long a saved plan may be applied, and none is saved',
    'add --out FILE',
  ],
  [[...BASE, '--valid', '72h'], '--valid says how long a saved plan may be applied', 'leave --valid out'],
])('%j makes no sense, and says why', async (options, what, why) => {
  const { exitCode, said } = await refusal(...options);
  expect(said).toContain(what);
  expect(said).toContain(why);
  expect(said).toContain('fcops help plan');
  expect(exitCode).toBe(1);
});

it.each([
  [[...BASE, '--tags', 'scripts', '--full', '--detailed-exitcode', '--limit', 'p1-50']],
  [['--only-drift', '--tags', 'scripts', '--full', '--detailed-exitcode', '--forks', '2', '--show-replaced']],
  [['--start', '--no-preflight', ...OUT, '--valid', '72h']],
])('%j go together', async (options) => {
  // What is wrong then is that there is no inventory.
  const { said } = await refusal(...options, '--inventory', '/nonexistent');
  expect(said).toContain('/nonexistent');
  expect(said).not.toContain('help plan');
});
