import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { runCli } from '../../../../src/cli/program.ts';
import { clusterFile, repository } from '../../inventory/support.ts';
import { keepingStream, testContext } from '../context.ts';

/** What `fcops inventory list` prints on a terminal of 80 columns. */
const listed = async (more: Readonly<Record<string, unknown>>): Promise<string[]> => {
  const directory = await mkdtemp(join(tmpdir(), 'fcops-list-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await mkdir(join(directory, 'inventories'));
  const file = join(directory, 'inventories/f0494733.yaml');
  await writeFile(file, stringify(clusterFile(more)));
  const stdout = keepingStream(true);
  const { context } = testContext({}, { packageRoot: repository, stdout: stdout.stream });
  await runCli(['inventory', 'list', '--color', 'never', '-i', file], context.world);
  return stdout.text().trimEnd().split('\n').slice(1);
};

const host = (name: string, address: string, more: Readonly<Record<string, unknown>> = {}) => ({
  ...{ name, address, roles: ['p1'], profile: 'amd-7532' },
  ...more,
});

it('moves what is the same for all hosts above a table that is too wide, no more than it has to', async () => {
  const overrides = { p1Tasks: 12, until: '2099-12-31', reason: 'x' };
  const hosts = [host('p1-50', '192.168.10.50', { overrides }), host('p1-51', '192.168.10.51')];
  const groups = { 'rack-a': { hosts: 'p1-50' } };
  expect((await listed({ hosts })).find((line) => line.includes('name'))).toBe(
    '  name   address        roles  profile                  system        checks',
  );
  expect((await listed({ hosts, groups })).find((line) => line.includes('name'))).toBe(
    '  name   address        roles  profile                  system        groups',
  );
  const mixed = [...hosts, host('p1-52', '192.168.10.52', { checks: 'warn' })];
  expect((await listed({ hosts: mixed, groups })).find((line) => line.includes('name'))).toBe(
    '  name   address        roles  profile                  checks   groups',
  );
});
