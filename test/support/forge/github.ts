import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { interpolated, isDone, type Value } from './expression.ts';
import {
  compositeSchema,
  type Job,
  type RunStep,
  type Step,
  type Workflow,
  workflowSchema,
} from './github-files.ts';
import type { ForgePrograms } from './programs.ts';
import { runScript, type ScriptEnd } from './script.ts';

/** What starts a workflow, as far as its expressions and scripts see it. */
export interface GithubEvent {
  readonly name: 'pull_request' | 'push' | 'schedule';
  /** Commit that is checked out. */
  readonly sha: string;
  /** Of a pull request: the branch that it is for, and the repository that it comes from. */
  readonly pull?: { readonly base: string; readonly from: string };
}

export interface GithubOptions {
  /** Below it everything of this workflow lies. */
  readonly top: string;
  /** The repository that is checked out. */
  readonly origin: string;
  readonly event: GithubEvent;
  readonly programs: ForgePrograms;
  /** Secrets by the environment that has them; no job without one sees any. */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface StepEnd extends ScriptEnd {
  readonly name: string;
}

export interface JobEnd {
  readonly state: 'success' | 'failure' | 'skipped';
  readonly steps: readonly StepEnd[];
  readonly outputs: Readonly<Record<string, string>>;
  /** What stands in the summary of the run. */
  readonly summary: string;
  /** Where its scripts kept their files ($RUNNER_TEMP), as the job left it. */
  readonly temp: string;
}

const REPOSITORY = 'farm/clusters';

/** Runs jobs of a workflow as a runner would: its scripts in bash, and what its actions do done here. */
export class GithubRun {
  readonly #workflow: Workflow;
  readonly #options: GithubOptions;
  readonly #artifacts: string;
  readonly #jobs: string[] = [];

  constructor(text: string, options: GithubOptions) {
    this.#workflow = workflowSchema.parse(parse(text));
    this.#options = options;
    this.#artifacts = join(options.top, 'artifacts');
    mkdirSync(this.#artifacts, { recursive: true });
  }

  /** Runs a job to its end, a second time as its next attempt; `needs`: how the jobs before it ended. */
  async job(name: string, needs: Readonly<Record<string, JobEnd>> = {}): Promise<JobEnd> {
    const job = this.#workflow.jobs[name];
    if (!job) throw new RangeError(`there is no job ${name}`);
    this.#jobs.push(name);
    const top = join(this.#options.top, `job-${this.#jobs.length}`);
    const attempt = this.#jobs.filter((one) => one === name).length;
    const running = new RunningJob(
      this.#workflow,
      job,
      { ...this.#options, top, attempt, artifacts: this.#artifacts },
      needs,
    );
    return running.run();
  }
}

interface JobOptions extends GithubOptions {
  readonly artifacts: string;
  readonly attempt: number;
}

class RunningJob {
  readonly #workflow: Workflow;
  readonly #job: Job;
  readonly #options: JobOptions;
  readonly #names: Readonly<Record<string, Value>>;
  readonly #temp: string;
  readonly #workspace: string;
  readonly #steps: StepEnd[] = [];
  readonly #outputs: Record<string, Record<string, Value>> = {};
  #failed = false;

  constructor(workflow: Workflow, job: Job, options: JobOptions, needs: Readonly<Record<string, JobEnd>>) {
    this.#workflow = workflow;
    this.#job = job;
    this.#options = options;
    this.#temp = join(options.top, 'temp');
    this.#workspace = join(options.top, 'workspace');
    for (const directory of [this.#temp, this.#workspace, join(options.top, 'home')])
      mkdirSync(directory, { recursive: true });
    const { event, secrets = {} } = options;
    const isFork = event.pull !== undefined && event.pull.from !== REPOSITORY;
    this.#names = {
      github: {
        repository: REPOSITORY,
        actor: 'alice',
        run_attempt: String(options.attempt),
        token: isFork ? 'read-only' : 'ghs_made-up-and-good-for-nothing',
        event: event.pull
          ? { pull_request: { number: '7', head: { repo: { full_name: event.pull.from } } } }
          : {},
      },
      runner: { temp: this.#temp },
      secrets: isFork ? {} : (secrets[job.environment ?? ''] ?? {}),
      needs: Object.fromEntries(Object.entries(needs).map(([name, { outputs }]) => [name, { outputs }])),
    };
    // A job that needs one which did not end well is left out, unless it asks for that.
    this.#failed = Object.values(needs).some(({ state }) => state !== 'success');
  }

  get #progress() {
    return { failed: this.#failed, cancelled: false };
  }

  get #known(): Readonly<Record<string, Value>> {
    const steps = Object.entries(this.#outputs).map(([id, outputs]) => [id, { outputs }] as const);
    return { ...this.#names, steps: Object.fromEntries(steps) };
  }

  async run(): Promise<JobEnd> {
    const summary = join(this.#temp, '.summary');
    writeFileSync(summary, '');
    if (!isDone(this.#job.if, this.#known, this.#progress)) return this.#end('skipped', '');
    for (const step of this.#job.steps) await this.#step(step);
    return this.#end(this.#failed ? 'failure' : 'success', readFileSync(summary, 'utf8'));
  }

  #end(state: JobEnd['state'], summary: string): JobEnd {
    const outputs = Object.entries(this.#job.outputs ?? {}).map(([name, text]) => [
      name,
      state === 'skipped' ? '' : interpolated(text, this.#known, this.#progress),
    ]);
    return { state, steps: this.#steps, outputs: Object.fromEntries(outputs), summary, temp: this.#temp };
  }

  async #step(step: Step): Promise<void> {
    if (!isDone(step.if, this.#known, this.#progress)) return;
    if ('run' in step) return this.#script(step, this.#known);
    const inputs = Object.fromEntries(
      Object.entries(step.with ?? {}).map(([name, value]) => [
        name,
        interpolated(String(value), this.#known, this.#progress),
      ]),
    );
    if (step.uses.startsWith('./')) return this.#composite(step.uses, inputs);
    const [action] = step.uses.split('@');
    const done = await this.#action(action ?? '', inputs);
    if (!done) this.#failed = true;
  }

  /** The steps of an action that lies in the repository. */
  async #composite(uses: string, inputs: Readonly<Record<string, string>>): Promise<void> {
    const file = join(this.#workspace, uses, 'action.yml');
    const action = compositeSchema.parse(parse(readFileSync(file, 'utf8')));
    const defaults = Object.entries(action.inputs).map(([name, one]) => [name, one.default]);
    const names = { ...this.#names, inputs: { ...Object.fromEntries(defaults), ...inputs } };
    for (const step of action.runs.steps)
      if (isDone(step.if, names, this.#progress)) await this.#script(step, names);
  }

  async #script(step: RunStep, names: Readonly<Record<string, Value>>): Promise<void> {
    const { programs, event, top } = this.#options;
    const files = ['output', 'path', 'summary'].map((name) => join(this.#temp, `.${name}`));
    const [output = '', path = '', summary = ''] = files;
    writeFileSync(output, '');
    const more = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean).reverse() : [];
    const put = (env: Readonly<Record<string, string>> = {}) =>
      Object.fromEntries(
        Object.entries(env).map(([name, text]) => [name, interpolated(text, names, this.#progress)]),
      );
    const ended = await runScript(step.run, {
      cwd: this.#workspace,
      keptIn: this.#temp,
      env: {
        HOME: join(top, 'home'),
        PATH: [...more, programs.directory, process.env.PATH].join(':'),
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_REPOSITORY: REPOSITORY,
        GITHUB_SHA: event.sha,
        GITHUB_EVENT_NAME: event.name,
        ...(event.pull && { GITHUB_BASE_REF: event.pull.base }),
        GITHUB_OUTPUT: output,
        GITHUB_PATH: path,
        GITHUB_STEP_SUMMARY: summary,
        RUNNER_TEMP: this.#temp,
        ...put(this.#workflow.env),
        ...put(step.env),
      },
    });
    this.#steps.push({ name: step.name ?? '', ...ended });
    if (step.id !== undefined)
      this.#outputs[step.id] = Object.fromEntries(
        readFileSync(output, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => [line.replace(/=.*/s, ''), line.replace(/^[^=]*=/, '')]),
      );
    if (ended.exitCode !== 0) this.#failed = true;
  }

  /** What an action of GitHub does; false where it fails. */
  async #action(action: string, inputs: Readonly<Record<string, string>>): Promise<boolean> {
    const { artifacts } = this.#options;
    const kept = join(artifacts, inputs.name ?? '');
    const path = inputs.path ?? '';
    switch (action) {
      case 'actions/checkout':
        await this.#checkOut(inputs['fetch-depth'] ?? '1');
        return true;
      case 'actions/upload-artifact': {
        if (!existsSync(path)) return inputs['if-no-files-found'] !== 'error';
        // A name is taken once in all attempts of a run.
        if (existsSync(kept) && inputs.overwrite !== 'true') return false;
        rmSync(kept, { recursive: true, force: true });
        // Modes are not kept, as in the archives that it makes.
        for (const file of filesBelow(path)) {
          const to = join(kept, file === '' ? basename(path) : file);
          mkdirSync(join(to, '..'), { recursive: true });
          writeFileSync(to, readFileSync(join(path, file)));
        }
        return true;
      }
      case 'actions/download-artifact':
        if (!existsSync(kept)) return false;
        cpSync(kept, path, { recursive: true });
        return true;
      default:
        throw new RangeError(`${action} is no action that is known here`);
    }
  }

  /** A commit alone, or with all branches where all of the history is asked for. */
  async #checkOut(depth: string): Promise<void> {
    const { origin, event } = this.#options;
    const git = (...words: readonly string[]) => execa('git', words, { cwd: this.#workspace });
    await git('init', '--quiet', '.');
    await git('remote', 'add', 'origin', `file://${origin}`);
    if (depth === '0') await git('fetch', '--quiet', 'origin', '+refs/heads/*:refs/remotes/origin/*');
    await git('fetch', '--quiet', ...(depth === '0' ? [] : [`--depth=${depth}`]), 'origin', event.sha);
    await git('checkout', '--quiet', '--detach', event.sha);
  }
}

/** The files below a directory, or the empty name of a file itself. */
const filesBelow = (path: string): readonly string[] => {
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1));
  } catch {
    return [''];
  }
};
