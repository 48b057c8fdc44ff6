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
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
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
  for (const name of ['bash', 'cat', 'git', 'mkdir', 'mktemp', 'rm'])
    symlinkSync((await execa('which', [name])).stdout, join(bin, name));
  writeFileSync(join(bin, 'fcops'), `#!/bin/sh\nexec ${process.execPath} ${inject('fcops')} "$@"\n`);
  chmodSync(join(bin, 'fcops'), 0o755);
});
afterEach(() => rmSync(repository.directory, { recursive: true, force: true }));

const commit = async (words: readonly string[] = [], cwd = repository.directory) => {
  const { exitCode, all } = await execa('git', ['commit', '--quiet', '--message', 'a change', ...words], {
    ...{ cwd, reject: false, all: true, extendEnv: false },
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

describe('a file of a secret', () => {
  const WITH_LOGIN = inventoryText(2).concat('ssh: { password: { file: secrets/login } }\n');
  const LOGIN = 'inventories/secrets/login';
  const PASSES = { exitCode: 0, said: expect.not.stringContaining(LOGIN) };
  const IN_CLEAR = `the secret file ${LOGIN} is in git in the clear`;

  it('is not committed in the clear, from whatever work tree', async () => {
    const inside = join(repository.directory, '.git');
    const [linked, outer] = [join(inside, 'linked'), join(inside, 'outer')];
    await repository.git('worktree', 'add', '--quiet', linked);
    await repository.git('init', '--quiet', outer);
    const local = ['-C', outer, '-c', 'protocol.file.allow=always'];
    await repository.git(...local, 'submodule', '--quiet', 'add', repository.directory, 'ours');
    copyFileSync(join(RECIPES, 'pre-commit'), join(outer, '.git/modules/ours/hooks/pre-commit'));
    for (const directory of [repository.directory, linked, join(outer, 'ours')]) {
      mkdirSync(join(directory, 'inventories/secrets'));
      writeFileSync(join(directory, LOGIN), 'made-up-login\n', { mode: 0o600 });
      writeFileSync(join(directory, FILE), WITH_LOGIN);
      await repository.git('-C', directory, 'add', FILE);
      expect(await commit([], directory)).toEqual(PASSES);
      await repository.git('-C', directory, 'add', LOGIN);
      const { exitCode, said } = await commit([], directory);
      expect([exitCode, said]).toEqual([1, expect.stringContaining(IN_CLEAR)]);
      expect(said).toContain('1 error');
    }
  });

  it('is looked at as it would be committed, not as it was added', async () => {
    repository.write(FILE, WITH_LOGIN);
    repository.write(LOGIN, 'made-up-login\n');
    await repository.git('add', FILE);
    await repository.git('add', '--intent-to-add', LOGIN);
    expect((await commit(['--all'])).said).toContain(IN_CLEAR);
  });

  it('is committed where it is encrypted on the way', async () => {
    repository.write('.gitattributes', `${LOGIN} filter=ours\n`);
    await repository.git('config', 'filter.ours.clean', "printf '\\000GITCRYPT\\000'; cat");
    await repository.git('config', 'filter.ours.smudge', 'read -r _; echo made-up-login');
    repository.write(FILE, WITH_LOGIN);
    repository.write(LOGIN, 'made-up-login\n');
    await repository.git('add', '--all');
    expect(await commit()).toEqual(PASSES);
  });

  it('may be taken out of git by a commit', async () => {
    repository.write(FILE, WITH_LOGIN);
    repository.write(LOGIN, 'made-up-login\n');
    await repository.commit('in the clear', '--no-verify');
    await repository.git('rm', '--quiet', '--cached', LOGIN);
    expect(await commit()).toEqual(PASSES);
  });
});
