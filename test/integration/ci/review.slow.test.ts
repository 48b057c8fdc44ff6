/**
 * @module-tag needs-curl
 * @module-tag needs-jq
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encrypted, newIdentity } from '../../../src/ops/secrets/envelope.ts';
import { TOKEN } from '../../support/cluster.ts';
import { GithubRun } from '../../support/forge/github.ts';
import { GitlabRun } from '../../support/forge/gitlab.ts';
import { packFcops } from '../../support/forge/package.ts';
import { type ForgeStore, GITLAB_TOKEN, makeForgePrograms } from '../../support/forge/programs.ts';
import { putRecipes } from '../../support/forge/recipes.ts';
import { inventoryText } from '../../support/plan-comment.ts';
import { makeRepository, type Repository } from '../../support/repository.ts';

/** The recipes of docs/ci for a pull request: their scripts are run, with a forge that only keeps what it is told. */

const FILE = 'inventories/f0494733.yaml';
const NTP = 'variables: { ntpServer: ntp.example.com }\n';

/** The cluster whose token is in the repository, encrypted. */
const ours = (more = ''): string =>
  inventoryText(3, { more }).replace('{ env: F0494733_TOKEN }', '{ age: f0494733-token }');

/** A cluster of other machines. */
const other = (more = ''): string =>
  inventoryText(2, { more })
    .replace('f0494733', 'f01021773')
    .replaceAll(/\b10\.(\d)\.0\./g, '172.16.$1.');

let top = '';
let repository: Repository;
/** Commits: where the branch begins, its end, main some merges later, and the branch merged into that. */
const commits = { begin: '', end: '', main: '', merged: '' };
let runs = 0;
const nextTop = (): string => {
  runs += 1;
  return join(top, `run-${runs}`);
};

beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'fcops-recipes-'));
  repository = await makeRepository();
  const { git, write, commit } = repository;
  putRecipes(repository.directory, await packFcops(top));
  write(FILE, ours());
  // Whose private key nobody has: none is needed.
  const { recipient } = await newIdentity();
  const sealed = await encrypted(TOKEN, [{ key: recipient, name: null, line: 1 }], 'recipients.txt');
  if (!sealed.ok) throw new Error(sealed.error.what);
  write('inventories/secrets/recipients.txt', `# ops\n${recipient}\n`);
  write('inventories/secrets/f0494733-token.age', sealed.value);
  write('inventories/f01021773.yaml', other());
  commits.begin = await commit('begin');
  await git('checkout', '--quiet', '-b', 'ntp');
  write(FILE, ours(NTP));
  commits.end = await commit('another time server');
  await git('checkout', '--quiet', 'main');
  // What others merge meanwhile is no part of the pull request.
  write('inventories/f01021773.yaml', other(NTP));
  commits.main = await commit('somebody else was here');
  await git('checkout', '--quiet', '--detach');
  await git('merge', '--quiet', '--no-edit', 'ntp');
  commits.merged = await git('rev-parse', 'HEAD');
  await git('checkout', '--quiet', 'main');
}, 120_000);
afterAll(() => {
  rmSync(top, { recursive: true, force: true });
  rmSync(repository.directory, { recursive: true, force: true });
});

/** A commit on top of the merged pull request. */
const broken = async (change: (text: string) => string): Promise<string> => {
  const { git, write, commit } = repository;
  await git('checkout', '--quiet', '--detach', commits.merged);
  write(FILE, change(readFileSync(join(repository.directory, FILE), 'utf8')));
  const made = await commit('broken');
  await git('checkout', '--quiet', 'main');
  return made;
};

const others: ForgeStore['comments'] = [
  { id: 11, body: '<!-- fcops plan --> is what it begins with', user: { login: 'mallory' } },
  { id: 12, body: 'looks good to me', user: { login: 'github-actions[bot]' } },
];

describe('docs/ci/github/plan.yml', () => {
  const run = (sha = commits.merged, from = 'farm/clusters', workflow?: (text: string) => string) => {
    const own = nextTop();
    const programs = makeForgePrograms(own, { comments: others });
    const text = readFileSync(join(repository.directory, '.github/workflows/plan.yml'), 'utf8');
    const github = new GithubRun(workflow?.(text) ?? text, {
      ...{ top: own, origin: repository.directory, programs },
      event: { name: 'pull_request', sha, pull: { base: 'main', from } },
      secrets: { hosts: { FCOPS_SSH_KEY: 'never', FCOPS_AGE_KEY: 'never' } },
    });
    return { github, programs };
  };

  it('comments what the pull request changes and nothing else, and keeps that comment up to date', async () => {
    const { github, programs } = run();
    const first = await github.job('plan');
    expect(first.steps.map(({ name, exitCode, stderr }) => [name, exitCode, stderr])).toEqual([
      ['Install', 0, ''],
      ['Check', 0, ''],
      ['Plan', 0, ''],
      ['Comment', 0, ''],
    ]);
    expect(first.state).toBe('success');
    const [, , { body = '' } = {}] = programs.store().comments;
    expect(body).toContain(`### fcops plan all against \`${commits.main}\``);
    expect(body).toContain('5 hosts changed: 5 to update');
    expect(body).toContain('+* * * * * /usr/sbin/ntpdate ntp.example.com');
    expect(body).toContain('p1-[1:3], c2-[1:2]');
    expect(first.summary).toBe(body);

    expect(await github.job('plan')).toMatchObject({ state: 'success' });
    const { changes, comments } = programs.store();
    expect(changes).toEqual(['POST issues/7/comments', 'PATCH issues/comments/902']);
    expect(comments.slice(0, 2)).toEqual(others);
    expect(programs.calls().flat().join(' ')).not.toContain('made-up-and-good-for-nothing');
  });

  it('compares a branch that is not merged with where it begins', async () => {
    const { github, programs } = run(commits.end);
    expect(await github.job('plan')).toMatchObject({ state: 'success' });
    expect(programs.store().comments[2]?.body).toContain(`against \`${commits.begin}\``);
  });

  it('of a fork: planned like any other, told in the summary, and no comment is tried', async () => {
    const { github, programs } = run(commits.merged, 'mallory/clusters');
    const { state, summary } = await github.job('plan');
    expect(state).toBe('success');
    expect(summary).toContain('ntp.example.com');
    expect(programs.calls()).toEqual([]);
  });

  it('with a mistake: red, annotated at its line, and the comment says that there is no plan', async () => {
    const sha = await broken((text) => text.replace('profile: amd-7532', 'profile: amd-9999'));
    const { github, programs } = run(sha);
    const { state, steps } = await github.job('plan');
    expect(state).toBe('failure');
    const [check, plan] = ['Check', 'Plan'].map((name) => steps.find((one) => one.name === name));
    expect(check?.exitCode).toBe(1);
    expect(check?.stdout).toMatch(/^::error file=inventories\/f0494733\.yaml,line=\d+/m);
    expect(plan?.exitCode).toBe(1);
    const body = programs.store().comments[2]?.body ?? '';
    expect(body).toContain('**There is no whole plan of this commit** (exit code 1).');
    expect(body).toMatch(/^ {4}.*amd-9999/m);
  });

  it('in a shallow clone: fails, and what it says leads to fetch-depth', async () => {
    const { github, programs } = run(commits.merged, 'farm/clusters', (text) =>
      text.replace('fetch-depth: 0', 'fetch-depth: 1'),
    );
    const { state, steps } = await github.job('plan');
    expect(state).toBe('failure');
    expect(steps.find(({ name }) => name === 'Plan')?.stderr).toContain('fetch-depth: 0');
    expect(programs.store().comments.length).toBeLessThanOrEqual(3);
  });
});

describe('docs/ci/gitlab/.gitlab-ci.yml: review', () => {
  const run = (
    sha = commits.end,
    more: Readonly<Record<string, string>> = {},
    file: (text: string) => string = (text) => text,
  ) => {
    const own = nextTop();
    const programs = makeForgePrograms(own, { comments: others });
    const text = readFileSync(join(repository.directory, '.gitlab-ci.yml'), 'utf8');
    const gitlab = new GitlabRun(file(text), {
      ...{ top: own, origin: repository.directory, sha, programs },
      variables: {
        CI_PIPELINE_SOURCE: 'merge_request_event',
        CI_MERGE_REQUEST_IID: '7',
        CI_MERGE_REQUEST_DIFF_BASE_SHA: commits.begin,
        ...more,
      },
      files: { hosts: { FCOPS_SSH_KEY: 'never', FCOPS_AGE_KEY: 'never' } },
    });
    return { gitlab, programs };
  };

  it('notes what the merge request changes, keeps that note up to date, and no argument has the token', async () => {
    const { gitlab, programs } = run(undefined, { FCOPS_NOTE_TOKEN: GITLAB_TOKEN });
    const first = await gitlab.job('review');
    expect([first.exitCode, first.stderr]).toEqual([0, '']);
    const note = programs.store().comments[2]?.body ?? '';
    expect(note).toContain(`### fcops plan all against \`${commits.begin}\``);
    expect(note).toContain('+* * * * * /usr/sbin/ntpdate ntp.example.com');
    expect(note).not.toContain('f01021773');
    expect(readFileSync(join(first.artifacts, 'check.xml'), 'utf8')).toContain('<testsuite');
    expect(await gitlab.job('review')).toMatchObject({ state: 'success' });
    // A note of somebody else that begins alike stays as it is.
    expect(programs.store().changes).toEqual([
      'POST merge_requests/7/notes',
      'PUT merge_requests/7/notes/902',
    ]);
    expect(programs.calls().flat().join(' ')).not.toContain(GITLAB_TOKEN);
    for (const name of ['plan', 'apply', 'drift'])
      expect(await gitlab.job(name)).toMatchObject({ state: 'left out' });
  });

  it('of a fork, which has no token: its plan is an artifact, and that is said', async () => {
    const { gitlab, programs } = run();
    const ended = await gitlab.job('review');
    expect(ended).toMatchObject({ state: 'success', stderr: expect.stringContaining('no FCOPS_NOTE_TOKEN') });
    expect(readFileSync(join(ended.artifacts, 'plan.md'), 'utf8')).toContain('ntp.example.com');
    expect(programs.calls()).toEqual([]);
  });

  it('with a mistake: red, and the note and the tests tell it', async () => {
    const sha = await broken((text) => text.replace('profile: amd-7532', 'profile: amd-9999'));
    const { gitlab, programs } = run(sha, { FCOPS_NOTE_TOKEN: GITLAB_TOKEN });
    const ended = await gitlab.job('review');
    expect([ended.state, ended.exitCode]).toEqual(['failed', 1]);
    expect(programs.store().comments[2]?.body).toMatch(/^ {4}.*amd-9999/m);
    expect(readFileSync(join(ended.artifacts, 'check.xml'), 'utf8')).toContain('amd-9999');
  });

  it('in a shallow clone: fails, and says what to set', async () => {
    const { gitlab } = run(commits.end, {}, (text) => text.replace("GIT_DEPTH: '0'", "GIT_DEPTH: '1'"));
    const ended = await gitlab.job('review');
    expect([ended.state, ended.stderr]).toEqual(['failed', expect.stringContaining('GIT_DEPTH: 0')]);
  });
});
