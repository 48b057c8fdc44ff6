import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  type Composite,
  compositeSchema,
  type Step,
  type Workflow,
  workflowSchema,
} from '../support/forge/github-files.ts';
import { gitlabFile } from '../support/forge/gitlab-files.ts';
import { RECIPES, recipe } from '../support/forge/recipes.ts';
import { needs } from '../support/needs.ts';

/** What can be told of the recipes of docs/ci without running them: that they are files of their forge, and give away nothing. */

const workflow = (name: string): Workflow => workflowSchema.parse(parse(recipe(`github/${name}.yml`)));
const action = (): Composite => compositeSchema.parse(parse(recipe('github/actions/fcops/action.yml')));
const NAMES = ['plan', 'apply', 'drift'] as const;
const jobsOf = (name: string) => Object.entries(workflow(name).jobs);
const stepsOf = (name: string): readonly Step[] => jobsOf(name).flatMap(([, { steps }]) => steps);
const gitlab = () => gitlabFile(parse(recipe('gitlab/.gitlab-ci.yml')));

/** What bash runs of each, as one text. */
const scripts = (): readonly (readonly [name: string, script: string])[] => [
  ...NAMES.flatMap((name) =>
    stepsOf(name).flatMap((step) => ('run' in step ? [[`${name}: ${step.name}`, step.run] as const] : [])),
  ),
  ...action().runs.steps.map(({ name, run }) => [`action: ${name}`, run] as const),
  ...Object.entries(gitlab().jobs).map(
    ([name, job]) =>
      [
        `gitlab: ${name}`,
        [...(gitlab().hidden[job.extends ?? '']?.before_script ?? []), ...job.script].join('\n'),
      ] as const,
  ),
  ['pre-commit', readFileSync(join(RECIPES, 'pre-commit'), 'utf8')],
];

describe('the workflows of GitHub', () => {
  it.each(NAMES)(
    '%s has the keys that GitHub knows, a deadline for each job, and jobs that there are',
    (name) => {
      const jobs = workflow(name).jobs;
      for (const { needs: needed, defaults } of Object.values(jobs)) {
        if (needed !== undefined) expect(Object.keys(jobs)).toContain(needed);
        // The default shell of a step ends at no command that fails within a pipe.
        expect(defaults).toEqual({ run: { shell: 'bash' } });
      }
    },
  );

  it.each(NAMES)('%s puts nothing into its scripts but by the environment', (name) => {
    for (const step of stepsOf(name)) if ('run' in step) expect(step.run).not.toContain('${{');
    for (const { run } of action().runs.steps) expect(run).not.toContain('${{');
  });

  it.each(NAMES)(
    '%s takes actions of GitHub itself, each as one commit, and leaves no token in the clone',
    (name) => {
      const uses = recipe(`github/${name}.yml`).match(/uses: .*/g) ?? [];
      for (const line of uses)
        expect(line).toMatch(
          /^uses: (\.\/\.github\/actions\/fcops|actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/,
        );
      for (const step of stepsOf(name))
        if ('uses' in step && step.uses.startsWith('actions/checkout@'))
          expect(step.with?.['persist-credentials']).toBe(false);
    },
  );

  it('may write what they say and no more', () => {
    const of = (name: string) => [
      workflow(name).permissions,
      ...jobsOf(name).map(([, { permissions }]) => permissions),
    ];
    const read = { contents: 'read' };
    expect(of('plan')).toEqual([read, { ...read, 'pull-requests': 'write' }]);
    expect(of('apply')).toEqual([read, undefined, undefined]);
    expect(of('drift')).toEqual([read, { ...read, issues: 'write' }]);
  });

  it('have secrets in jobs of an environment alone, and a plan of a pull request has none', () => {
    expect(recipe('github/plan.yml')).not.toMatch(/secrets\.|environment:|self-hosted|pull_request_target/);
    for (const name of NAMES)
      for (const [, job] of jobsOf(name))
        if (JSON.stringify(job).includes('secrets.')) {
          expect(job.environment).toMatch(/^(hosts|production)$/);
          // Whatever becomes of the job, its keys go.
          const last = job.steps.find((step) => step.name === 'Remove the keys');
          expect(last?.if).toContain('always()');
        }
  });

  it('apply behind the approval of an environment, one at a time', () => {
    const { apply } = workflow('apply').jobs;
    expect(apply).toMatchObject({
      needs: 'plan',
      environment: 'production',
      concurrency: { group: `fcops-apply-${workflow('apply').env?.MINER}`, 'cancel-in-progress': false },
    });
    expect(Object.keys(workflow('apply').on)).toEqual(['push', 'workflow_dispatch']);
  });

  it('have all of the history where they compare with a revision', () => {
    for (const step of stepsOf('plan'))
      if ('uses' in step && step.uses.startsWith('actions/checkout@'))
        expect(step.with?.['fetch-depth']).toBe(0);
  });
});

describe('the pipeline of GitLab', () => {
  it('has the keywords that GitLab knows, and jobs, stages and templates that there are', () => {
    const { jobs, stages, hidden } = gitlab();
    expect(Object.keys(jobs)).toEqual(['review', 'plan', 'apply', 'drift']);
    for (const { stage, extends: template = '', needs: needed = [] } of Object.values(jobs)) {
      expect(stages).toContain(stage);
      expect(Object.keys(hidden)).toContain(template);
      for (const name of needed) expect(Object.keys(jobs)).toContain(name);
    }
  });

  it('takes keys in jobs of an environment alone, and applies by hand, one at a time', () => {
    for (const [name, { script, environment, tags }] of Object.entries(gitlab().jobs)) {
      const takes = script.some((line) => line.includes('take_keys'));
      expect([name, environment !== undefined, tags]).toEqual([name, takes, takes ? ['fcops'] : undefined]);
    }
    expect(gitlab().jobs.apply).toMatchObject({
      rules: [{ when: 'manual' }],
      environment: { name: 'production' },
      resource_group: 'fcops-$MINER',
    });
  });
});

it('the page about them leads to files that there are', () => {
  const links = [...recipe('README.md').matchAll(/\]\(([^)#]+)/g)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(6);
  for (const link of links) expect([link, existsSync(join(RECIPES, link))]).toEqual([link, true]);
});

describe('scripts of the recipes', { tags: [needs('shellcheck')] }, () => {
  // Not every job calls all functions of what it begins with (SC2317).
  it.each(scripts())('%s: shellcheck has nothing to say', (_, script) => {
    const { stdout, status } = spawnSync('shellcheck', ['--shell=bash', '--exclude=SC2317', '-'], {
      input: script,
      encoding: 'utf8',
    });
    expect([stdout, status]).toEqual(['', 0]);
  });
});
