import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { sayNext } from '../../../../src/core/next.ts';
import { describePlace } from '../../../../src/core/problem.ts';
import { checkSecrets } from '../../../../src/ops/secrets/check-secrets.ts';
import { repository } from '../../inventory/support.ts';
import { temporaryFiles } from './support.ts';

const GOOD = readFileSync(join(repository, 'test/unit/inventory/cases/good/f0494733.yaml'), 'utf8').replace(
  'user: root',
  'user: root, password: { file: secrets/login }',
);
const LOGIN = 'made-up-login';
const ENV = {
  ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  ...{ GIT_AUTHOR_NAME: 'alice', GIT_AUTHOR_EMAIL: 'alice@example.com' },
  ...{ GIT_COMMITTER_NAME: 'alice', GIT_COMMITTER_EMAIL: 'alice@example.com' },
};

/** A directory of cluster files in a repository, one of which names the file secrets/login. */
const inRepository = async (more: Readonly<Record<string, string>> = {}) => {
  const directory = temporaryFiles({ 'f0494733.yaml': GOOD, 'secrets/login': LOGIN, ...more });
  const git = async (...words: readonly string[]) =>
    (await execa('git', words, { cwd: directory, env: ENV })).stdout;
  await git('init', '--quiet', '--initial-branch=main');
  const findings = async (env: Readonly<Record<string, string>> = {}) => {
    const sources = {
      ...{ inventory: directory, packageRoot: repository, home: join(directory, 'home') },
      env: { PATH: process.env.PATH, TOKEN: 'made-up-token', ...ENV, ...env },
    };
    return (await checkSecrets(sources, { askVaults: false })).findings;
  };
  const said = async (env: Readonly<Record<string, string>> = {}) =>
    (await findings(env)).map(({ level, problem: { what, where } }) =>
      `${where ? describePlace(where) : ''}: ${level}: ${what}`.replaceAll(`${directory}/`, ''),
    );
  const write = (file: string, text: string) => writeFileSync(join(directory, file), text);
  return { directory, git, findings, said, write };
};

const clear = (file: string) =>
  expect.stringMatching(
    new RegExp(`: wrong: the secret file ${file.replaceAll('.', '\\.')} is in git in the clear$`),
  );

describe('a file of a secret', () => {
  it('that git does not keep is told of nowhere', async () => {
    const { git, said } = await inRepository();
    expect(await said()).toEqual([]);
    await git('add', 'f0494733.yaml');
    expect(await said()).toEqual([]);
  });

  it('is in git in the clear where git has its text', async () => {
    const { git, said } = await inRepository();
    await git('add', 'secrets/login');
    expect(await said()).toEqual([clear('secrets/login')]);
  });

  it('comes with what to do: a new value, as old commits are not looked at, and no way back into git', async () => {
    const { directory, findings, git } = await inRepository();
    await git('add', 'secrets/login');
    const [found] = await findings();
    const told = sayNext(found?.problem.next ?? []).replaceAll(directory, 'DIR');
    expect(told).toBe(
      [
        'give the secret another value: whoever has the repository has this one, and old commits, which are not looked at, keep it',
        'keep it encrypted, and name it: fcops secrets set NAME',
        'or take the file out of git: git -C DIR/secrets rm --cached login',
        'and name it in .gitignore, so that it is not added again',
      ].join('; '),
    );
    // What is told to be done mends it; what is in old commits is not looked at.
    await git('commit', '--quiet', '--message', 'in the clear');
    await git('rm', '--cached', '--quiet', 'secrets/login');
    expect(await findings()).toEqual([]);
  });

  it('is so whatever its attributes say: what git has counts', async () => {
    const { git, said, write } = await inRepository();
    await git('add', 'secrets/login');
    for (const attribute of ['filter=git-crypt diff=git-crypt', 'filter=lfs', 'filter'] as const) {
      write('.gitattributes', `secrets/login ${attribute}\n`);
      expect(await said()).toEqual([clear('secrets/login')]);
    }
  });

  it.each([
    ['git-crypt', "printf '\\000GITCRYPT\\000'; cat"],
    ['transcrypt', "printf 'U2FsdGVkX1'; base64"],
    ['git-agecrypt', "printf 'age-encryption.org/v1\\n'; base64"],
  ])('is not where %s encrypts it on the way', async (filter, command) => {
    const { git, said, write } = await inRepository();
    write('.gitattributes', `secrets/login filter=${filter}\n`);
    await git('config', `filter.${filter}.clean`, command);
    await git('add', 'secrets/login');
    expect(await said()).toEqual([]);
    // Added again without its filter.
    write('.gitattributes', '');
    await git('add', '--renormalize', 'secrets/login');
    expect(await said()).toEqual([clear('secrets/login')]);
  });

  it('that git is only told of is not in it yet', async () => {
    const { git, said } = await inRepository();
    await git('add', '--intent-to-add', 'secrets/login');
    expect(await said()).toEqual([]);
  });

  it('may be one that a link leads to: of the link git keeps no more than where it leads', async () => {
    const { directory, git, said } = await inRepository();
    mkdirSync(join(directory, 'home'));
    renameSync(join(directory, 'secrets/login'), join(directory, 'home/login'));
    symlinkSync('../home/login', join(directory, 'secrets/login'));
    await git('add', 'secrets/login');
    expect(await said()).toEqual([]);
    await git('add', 'home/login');
    expect(await said()).toEqual([clear('home/login')]);
  });

  it('is told once, by whatever links and directories it is named', async () => {
    const { directory, git, said, write } = await inRepository();
    mkdirSync(join(directory, 'home'));
    renameSync(join(directory, 'secrets/login'), join(directory, 'home/login'));
    symlinkSync('../home/login', join(directory, 'secrets/login'));
    symlinkSync('home', join(directory, 'other'));
    await git('add', 'home/login');
    write(
      'f0494733.yaml',
      GOOD.replace(
        '{ file: secrets/login }',
        '{ file: secrets/login }, sudoPassword: { file: other/login }',
      ).replace('{ env: TOKEN }', '{ file: home/login }'),
    );
    expect(await said()).toEqual([clear('home/login')]);
  });

  it('may be one that is gone from here, with a link that leads to it', async () => {
    const { directory, git, said } = await inRepository();
    mkdirSync(join(directory, 'home'));
    renameSync(join(directory, 'secrets/login'), join(directory, 'home/login'));
    symlinkSync('../home/login', join(directory, 'secrets/login'));
    await git('add', 'home/login');
    rmSync(join(directory, 'home'), { recursive: true });
    expect(await said()).toContainEqual(clear('home/login'));
  });
});

describe('what git has', () => {
  it('is not known where it gives no answer, and why is said', async () => {
    const { directory, findings, git, write } = await inRepository();
    await git('add', 'secrets/login');
    const foreign = await findings({ GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' });
    expect(foreign).toMatchObject([
      {
        level: 'unknown',
        problem: {
          what: `whether git has secret files of ${directory}/secrets in the clear does not show`,
          why: `git gives no answer: fatal: detected dubious ownership in repository at '${directory}'`,
          next: [{ command: `git config --global --add safe.directory ${directory}` }],
        },
      },
    ]);
    write('.git/index', 'broken');
    expect(await findings()).toMatchObject([
      { level: 'unknown', problem: { why: expect.stringContaining('index file smaller than expected') } },
    ]);
    rmSync(join(directory, '.git'), { recursive: true });
    write('.git', 'gitdir: /nonexistent\n');
    expect(await findings()).toMatchObject([
      { level: 'unknown', problem: { why: expect.stringContaining('not a git repository: /nonexistent') } },
    ]);
  });

  it('is not known of a file whose text is not in this clone, as in a partial one: others are told all the same', async () => {
    const { directory, findings, git, write } = await inRepository({ 'secrets/other': 'made-up-other' });
    write('f0494733.yaml', GOOD.replace('{ env: TOKEN }', '{ file: secrets/other }'));
    await git('add', 'secrets');
    const oid = await git('rev-parse', ':secrets/login');
    rmSync(join(directory, '.git/objects', oid.slice(0, 2), oid.slice(2)));
    expect(await findings()).toMatchObject([
      {
        level: 'wrong',
        problem: { what: `the secret file ${directory}/secrets/other is in git in the clear` },
      },
      {
        level: 'unknown',
        problem: {
          what: `whether the secret file ${directory}/secrets/login is in git in the clear does not show`,
          why: expect.stringMatching(
            /^its text is not in this clone: fatal: git cat-file [0-9a-f]+: bad file$/,
          ),
          next: [{ command: `git -C ${directory}/secrets cat-file -e :./login` }],
        },
      },
    ]);
  });

  it('is nothing where there is no repository, or no git', async () => {
    const { directory, git, said } = await inRepository();
    await git('add', 'secrets/login');
    expect(await said({ PATH: '/nonexistent' })).toEqual([]);
    rmSync(join(directory, '.git'), { recursive: true });
    expect(await said()).toEqual([]);
  });

  it('is asked of a directory that is gone, too', async () => {
    const { directory, git, said } = await inRepository();
    await git('add', 'secrets/login');
    rmSync(join(directory, 'secrets'), { recursive: true });
    expect(await said()).toContainEqual(clear('secrets/login'));
  });

  it('does not depend on what the one who asks, or a hook of git, has told git', async () => {
    const { git, said } = await inRepository();
    await git('add', 'secrets/login');
    const env = {
      ...{ GIT_DIR: '/nonexistent/.git', GIT_INDEX_FILE: '/nonexistent/index', GIT_PREFIX: 'secrets/' },
      ...{ GIT_OBJECT_DIRECTORY: '/nonexistent/objects', GIT_COMMON_DIR: '/nonexistent/.git' },
    };
    expect(await said(env)).toEqual([clear('secrets/login')]);
    for (const name of ['ICASE', 'GLOB', 'NOGLOB', 'LITERAL'])
      expect(await said({ [`GIT_${name}_PATHSPECS`]: '1' })).toEqual([clear('secrets/login')]);
  });
});
