/**
 * @module-tag needs-curl
 * @module-tag needs-jq
 */
import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GithubRun } from '../../support/forge/github.ts';
import { GitlabRun } from '../../support/forge/gitlab.ts';
import { GITLAB_TOKEN, makeForgePrograms } from '../../support/forge/programs.ts';
import { putRecipes } from '../../support/forge/recipes.ts';
import { makeRepository, type Repository } from '../../support/repository.ts';

/** What the recipes of docs/ci make of each exit code: fcops is a script here that ends with it. */

let top = '';
let repository: Repository;
let sha = '';
const codeFile = (): string => join(top, 'code');

beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'fcops-recipes-'));
  const directory = join(top, 'pack/package');
  mkdirSync(directory, { recursive: true });
  const manifest = { name: 'fcops', version: '0.1.0', bin: { fcops: 'fcops.sh' } };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest));
  writeFileSync(
    join(directory, 'fcops.sh'),
    `#!/bin/bash
if [[ $1 == show ]]; then echo '### fcops plan all of f0494733'; exit 0; fi
echo '### fcops plan all of f0494733'
while (($# > 0)); do if [[ $1 == --out ]]; then echo plan >"$2"; fi; shift; done
code=$(<${codeFile()})
if ((code == 1)); then echo 'error: c2-10 cannot be reached' >&2; fi
exit "$code"
`,
    { mode: 0o755 },
  );
  const file = join(top, 'fcops.tgz');
  await execa('tar', ['-czf', file, '-C', join(top, 'pack'), 'package']);
  repository = await makeRepository();
  putRecipes(repository.directory, {
    url: `file://${file}`,
    sha256: hash('sha256', readFileSync(file)),
  });
  repository.write('known_hosts', '');
  sha = await repository.commit('all');
});
afterAll(() => {
  rmSync(top, { recursive: true, force: true });
  rmSync(repository.directory, { recursive: true, force: true });
});

const KEYS = { FCOPS_SSH_KEY: 'a key', FCOPS_AGE_KEY: 'another key' };
const CHANGED = 'Something was changed';
const UNSEEN = 'It was not seen everywhere';

/** What a look for drift ends with: never with what is owed or not as required. */
const drifts: readonly (readonly [number, readonly string[]])[] = [
  [0, []],
  [1, [`${UNSEEN} (exit code 1).`, '    error: c2-10 cannot be reached']],
  [2, [CHANGED]],
  [130, [`${UNSEEN} (exit code 130).`]],
  // Which fcops does not give: what it saw is not known.
  [4, [`${UNSEEN} (exit code 4).`]],
];

describe.each(drifts)('exit code %s of a drift', { timeout: 120_000 }, (code, said) => {
  const top_ = (forge: string): string => join(top, `${forge}-${code}`);
  const body = (text = ''): readonly string[] => [CHANGED, UNSEEN].filter((one) => text.includes(one));
  const expected = body(said.join('\n'));
  const opens = code !== 0;

  it('on GitHub', async () => {
    writeFileSync(codeFile(), String(code));
    const programs = makeForgePrograms(top_('github'));
    const text = readFileSync(join(repository.directory, '.github/workflows/drift.yml'), 'utf8');
    const { state, summary } = await new GithubRun(text, {
      ...{ top: top_('github'), origin: repository.directory, programs, secrets: { hosts: KEYS } },
      event: { name: 'schedule', sha },
    }).job('drift');
    expect(state).toBe(opens ? 'failure' : 'success');
    expect(body(summary)).toEqual(expected);
    for (const text of said) expect(summary).toContain(text);
    expect(programs.store().issues.map((issue) => body(issue.body))).toEqual(opens ? [expected] : []);
  });

  it('on GitLab', async () => {
    writeFileSync(codeFile(), String(code));
    const programs = makeForgePrograms(top_('gitlab'));
    const { state, exitCode } = await new GitlabRun(
      readFileSync(join(repository.directory, '.gitlab-ci.yml'), 'utf8'),
      {
        ...{ top: top_('gitlab'), origin: repository.directory, sha, programs, files: { hosts: KEYS } },
        variables: {
          CI_PIPELINE_SOURCE: 'schedule',
          CI_COMMIT_BRANCH: 'main',
          FCOPS_NOTE_TOKEN: GITLAB_TOKEN,
        },
      },
    ).job('drift');
    expect([state, exitCode]).toEqual([opens ? 'failed' : 'success', code]);
    expect(programs.store().issues.map((issue) => body(issue.body))).toEqual(opens ? [expected] : []);
  });
});

it.each([0, 1, 2, 4, 8, 14, 130])(
  'exit code %s of a plan of what was merged, on GitHub',
  { timeout: 120_000 },
  async (code) => {
    writeFileSync(codeFile(), String(code));
    const own = join(top, `apply-${code}`);
    const text = readFileSync(join(repository.directory, '.github/workflows/apply.yml'), 'utf8');
    const plan = await new GithubRun(text, {
      ...{ top: own, origin: repository.directory, secrets: { hosts: KEYS } },
      programs: makeForgePrograms(own),
      event: { name: 'push', sha },
    }).job('plan');
    const failed = code === 1 || code === 130;
    expect(plan.state).toBe(failed ? 'failure' : 'success');
    if (!failed) expect(plan.outputs).toEqual({ changes: String((code & 2) !== 0) });
  },
);

it('a package that is not the one that was looked at is not installed', async () => {
  const text = readFileSync(join(repository.directory, '.gitlab-ci.yml'), 'utf8');
  const ended = await new GitlabRun(text.replace(/(FCOPS_SHA256: ')../, '$1ff'), {
    ...{ top: join(top, 'sum'), origin: repository.directory, sha },
    programs: makeForgePrograms(join(top, 'sum')),
    variables: { CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_DIFF_BASE_SHA: sha },
  }).job('review');
  expect([ended.state, ended.stderr]).toEqual(['failed', expect.stringContaining('did NOT match')]);
});
