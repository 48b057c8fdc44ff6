import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { type GitlabFile, type GitlabJob, gitlabFile } from './gitlab-files.ts';
import type { ForgePrograms } from './programs.ts';
import { runScript, type ScriptEnd } from './script.ts';

export interface GitlabOptions {
  /** Below it everything of this pipeline lies. */
  readonly top: string;
  readonly origin: string;
  /** Commit that is checked out. */
  readonly sha: string;
  readonly programs: ForgePrograms;
  /** Predefined variables of this pipeline, besides those of every one, and variables of the project. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables of type file, by the environment that they are for. */
  readonly files?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface GitlabEnd extends ScriptEnd {
  readonly state: 'success' | 'failed' | 'left out';
  /** Where the repository was checked out, as the job left it. */
  readonly project: string;
  /** Files that are kept of it. */
  readonly artifacts: string;
}

/** Runs jobs of a pipeline as a runner would, each in a clone of its own. */
export class GitlabRun {
  readonly #file: GitlabFile;
  readonly #options: GitlabOptions;
  #jobs = 0;

  constructor(text: string, options: GitlabOptions) {
    this.#file = gitlabFile(parse(text));
    this.#options = options;
  }

  /** Runs a job to its end, unless its rules leave it out. */
  async job(name: string): Promise<GitlabEnd> {
    const { jobs, hidden, variables } = this.#file;
    const { top, origin, sha, programs } = this.#options;
    const job = jobs[name];
    if (!job) throw new RangeError(`there is no job ${name}`);
    this.#jobs += 1;
    const own = join(top, `job-${this.#jobs}`);
    const project = join(own, 'project');
    const artifacts = join(top, 'artifacts', name);
    const temp = join(own, 'project.tmp');
    for (const directory of [project, temp, join(own, 'home')]) mkdirSync(directory, { recursive: true });
    const env = { CI: 'true', GITLAB_CI: 'true', ...PREDEFINED, ...variables, ...this.#options.variables };
    if (!job.rules.some((rule) => isTrue(rule.if, env)))
      return { state: 'left out', exitCode: 0, stdout: '', stderr: '', project, artifacts };

    await clone({ origin, sha, project, depth: variables.GIT_DEPTH ?? '20' });
    for (const needed of job.needs ?? [])
      cpSync(join(top, 'artifacts', needed), project, { recursive: true });
    // A runner writes the variables of type file for all to read.
    const files = Object.entries(this.#options.files?.[job.environment?.name ?? ''] ?? {}).map(
      ([key, text]) => {
        writeFileSync(join(temp, key), text, { mode: 0o666 });
        return [key, join(temp, key)] as const;
      },
    );
    const before = job.before_script ?? hidden[job.extends ?? '']?.before_script ?? [];
    const ended = await runScript([...before, ...job.script].join('\n'), {
      cwd: project,
      keptIn: temp,
      env: {
        HOME: join(own, 'home'),
        TMPDIR: temp,
        PATH: `${programs.directory}:${process.env.PATH}`,
        CI_PROJECT_DIR: project,
        ...env,
        ...Object.fromEntries(files),
      },
    });
    const keeps = ended.exitCode === 0 || job.artifacts?.when === 'always';
    mkdirSync(artifacts, { recursive: true });
    for (const path of keeps ? pathsOf(job) : [])
      if (existsSync(join(project, path))) cpSync(join(project, path), join(artifacts, path));
    return { ...ended, state: ended.exitCode === 0 ? 'success' : 'failed', project, artifacts };
  }
}

const PREDEFINED = {
  CI_API_V4_URL: 'https://gitlab.example.com/api/v4',
  CI_PROJECT_ID: '42',
  CI_DEFAULT_BRANCH: 'main',
};

const pathsOf = ({ artifacts }: GitlabJob): readonly string[] => [
  ...(artifacts?.paths ?? []),
  ...(artifacts?.reports ? [artifacts.reports.junit] : []),
];

/** Whether the condition of a rule is true: comparisons of variables with texts or each other, joined by `&&`. */
const isTrue = (condition: string, env: Readonly<Record<string, string>>): boolean =>
  condition.split(' && ').every((part) => {
    const [, left = '', sign, right = ''] = /^(\$\w+) (==|!=) (\$\w+|"[^"]*")$/.exec(part) ?? [];
    if (sign === undefined) throw new SyntaxError(`${part} is no comparison that is known here`);
    const value = (text: string) => (text.startsWith('$') ? env[text.slice(1)] : text.slice(1, -1));
    return (value(left) === value(right)) === (sign === '==');
  });

const clone = async ({
  origin,
  sha,
  project,
  depth,
}: {
  readonly origin: string;
  readonly sha: string;
  readonly project: string;
  readonly depth: string;
}): Promise<void> => {
  const git = (...words: readonly string[]) => execa('git', words, { cwd: project });
  await git('init', '--quiet', '.');
  await git('remote', 'add', 'origin', `file://${origin}`);
  await git('fetch', '--quiet', ...(depth === '0' ? [] : [`--depth=${depth}`]), 'origin', sha);
  await git('checkout', '--quiet', '--detach', sha);
};
