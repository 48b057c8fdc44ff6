import { expect, it } from 'vitest';
import { runCli } from '../../../src/cli/program.ts';
import { repository } from '../inventory/support.ts';
import { testContext } from './context.ts';

/** What a command line is refused with, in one line. */
const said = async (...words: readonly string[]): Promise<string> => {
  const { context, stderr } = testContext({}, { packageRoot: repository });
  const inventory = ['--inventory', `${repository}/inventories/f0494733.yaml`];
  const env = { F0494733_TOKEN: 'a-made-up-token', ARTIFACTS_PASSWORD: 'a-made-up-password' };
  expect(await runCli([...inventory, ...words], { ...context.world, env })).toBe(1);
  return stderr().replace(/\s+/g, ' ').trim();
};
const DASH = 'begins with another dash than an option does next: write';
const SWITCH = '(switch the input method to English)';

it.each([
  [['plan', 'p1', '－－miner', 'f0494733'], `error: "－－miner" ${DASH} --miner ${SWITCH}`],
  [['status', '—miner', 'f0494733'], `error: "—miner" ${DASH} --miner ${SWITCH}`],
  [['plan', 'p1', '–miner', 'f0494733'], `error: "–miner" ${DASH} --miner ${SWITCH}`],
  [['exec', 'p1-50', '——', 'uptime'], `error: "——" ${DASH} -- ${SWITCH}`],
])('%j: the dash is told', async (words, text) => expect(await said(...words)).toBe(text));

it.each([
  [['inventory', 'list', '--limit', 'p1-50，p1-51'], 'write ",", not full-width "，"'],
  [['inventory', 'list', '--limit', 'p1-【50:51】'], 'write "[", not full-width "【"'],
  [['inventory', 'show', 'p1－50'], 'write "-", not full-width "－"'],
  [['plan', 'p1', '--tags', 'scripts，data'], 'write ",", not full-width "，"'],
])('%j: the mark is told', async (words, text) => expect(await said(...words)).toContain(`next: ${text}`));

it('leaves the value of an option as it is', async () => {
  for (const dash of ['—', '－－'])
    expect(await said('logs', 'p1-5O', '--grep', dash)).toContain('next: did you mean "p1-50"?');
  expect(await said('restart', 'p1', '--yes', '－－miner', 'f0494733')).toContain('write --miner');
});

it('leaves a command of hosts, and what is right in Chinese, as it is', async () => {
  expect(await said('exec', 'p1-5O', '--', 'echo 一，二')).toContain('next: did you mean "p1-50"?');
  expect(await said('inventory', 'list', '--inventory', '/nonexistent/机房，甲')).toContain(
    'there is no such directory of inventories',
  );
});
