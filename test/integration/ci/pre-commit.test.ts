import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { RECIPES } from '../../support/forge/recipes.ts';
import { inventoryText } from '../../support/plan-comment.ts';
import { makeRepository, type Repository } from '../../support/repository.ts';

/** The hook of docs/ci/pre-commit, as git runs it. */

const FILE = 'inventories/f0494733.yaml';
const WRONG = inventoryText(2).replace('profile: amd-7532', 'profile: amd-9999');

let repository: Repository;
/** Programs of the one who commits. */
let bin = '';

beforeEach(async () => {
  repository = await makeRepository();
  repository.write(FILE, inventoryText(2));
  repository.write('README.md', 'ours\n');
  await repository.commit('before');
  copyFileSync(join(RECIPES, 'pre-commit'), join(repository.directory, '.git/hooks/pre-commit'));
  bin = join(repository.directory, '.git/bin');
  mkdirSync(bin);
  for (const name of ['bash', 'git', 'mktemp', 'rm'])
    symlinkSync((await execa('which', [name])).stdout, join(bin, name));
  writeFileSync(join(bin, 'fcops'), `#!/bin/sh\nexec ${process.execPath} ${inject('fcops')} "$@"\n`);
  chmodSync(join(bin, 'fcops'), 0o755);
});
afterEach(() => rmSync(repository.directory, { recursive: true, force: true }));

const commit = async () => {
  const { exitCode, all } = await execa('git', ['commit', '--quiet', '--message', 'a change'], {
    ...{ cwd: repository.directory, reject: false, all: true, extendEnv: false },
    env: {
      ...{ PATH: bin, HOME: '/nonexistent', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
      ...{ GIT_AUTHOR_NAME: 'alice', GIT_AUTHOR_EMAIL: 'alice@example.com' },
      ...{ GIT_COMMITTER_NAME: 'alice', GIT_COMMITTER_EMAIL: 'alice@example.com' },
    },
  });
  return { exitCode, said: all };
};

it('refuses what is staged and wrong, though the work tree is right by now', async () => {
  repository.write(FILE, WRONG);
  await repository.git('add', FILE);
  repository.write(FILE, inventoryText(2));
  const { exitCode, said } = await commit();
  expect(exitCode).toBe(1);
  expect(said).toMatch(/inventories\/f0494733\.yaml:\d+.*amd-9999/);
});

it('takes what is staged and right, though the work tree is wrong by now', async () => {
  repository.write(FILE, inventoryText(3));
  await repository.git('add', FILE);
  repository.write(FILE, WRONG);
  expect(await commit()).toMatchObject({ exitCode: 0 });
  expect(readFileSync(join(repository.directory, FILE), 'utf8')).toBe(WRONG);
});

it('looks at profiles of the repository, and at no commit of anything else', async () => {
  repository.write('profiles/amd-7532.yaml', 'name: nonsense\n');
  await repository.git('add', '--all');
  expect(await commit()).toMatchObject({
    exitCode: 1,
    said: expect.stringContaining('profiles/amd-7532.yaml'),
  });
  await repository.git('reset', '--quiet');
  repository.write('README.md', 'theirs\n');
  repository.write(FILE, WRONG);
  await repository.git('add', 'README.md');
  expect(await commit()).toEqual({ exitCode: 0, said: '' });
});

it('takes a commit that removes the last cluster file', async () => {
  await repository.git('rm', '--quiet', '-r', 'inventories');
  expect(await commit()).toEqual({ exitCode: 0, said: '' });
});

it('says where there is no fcops that nothing was checked', async () => {
  rmSync(join(bin, 'fcops'));
  repository.write(FILE, WRONG);
  await repository.git('add', FILE);
  const { exitCode, said } = await commit();
  expect([exitCode, said]).toEqual([0, expect.stringContaining('nothing of this commit was checked')]);
});
