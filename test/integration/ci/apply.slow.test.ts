/**
 * @module-tag needs-curl
 * @module-tag needs-jq
 * @module-tag needs-namespaces
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { MINER, TOKEN, VERSIONS, writeCluster } from '../../support/cluster.ts';
import { fcops } from '../../support/fcops.ts';
import { GithubRun, type JobEnd } from '../../support/forge/github.ts';
import { GitlabRun } from '../../support/forge/gitlab.ts';
import { packFcops } from '../../support/forge/package.ts';
import { type ForgePrograms, GITLAB_TOKEN, makeForgePrograms } from '../../support/forge/programs.ts';
import { putRecipes } from '../../support/forge/recipes.ts';
import { c2Machine } from '../../support/machines.ts';
import { argumentsNow } from '../../support/planted-secrets.ts';
import { makeRepository, type Repository } from '../../support/repository.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';

/** The recipes of docs/ci that reach hosts: what was merged is planned and applied, and what drifts is told. */

let top = '';
let hosts: SimulatedHosts;
let artifacts: ArtifactServer;
let repository: Repository;
let keys: { readonly FCOPS_SSH_KEY: string; readonly FCOPS_AGE_KEY: string };
let runs = 0;
const nextTop = (): string => {
  runs += 1;
  return join(top, `run-${runs}`);
};
const text = (name: string): string => readFileSync(join(repository.directory, name), 'utf8');

const watched = { arguments: new Set<string>(), modes: new Set<string>() };
let watching: NodeJS.Timeout;

/** Everything that is secret here. */
const secrets = (): readonly string[] => [
  TOKEN,
  artifacts.password,
  GITLAB_TOKEN,
  keys.FCOPS_AGE_KEY.trim(),
  ...keys.FCOPS_SSH_KEY.split('\n').filter((line) => line.length > 30),
];

/** Writes the cluster with this value of a kernel setting, and commits it. */
const merged = async (swappiness: number): Promise<string> => {
  await writeCluster({
    ...{ ...hosts, directory: repository.directory, artifacts },
    hosts: hosts.hosts.map((host) => ({ host, roles: ['c2'], profile: 'intel-4216' })),
    more: {
      api: { address: '/ip4/192.168.10.1/tcp/2345/http', token: { age: 'f0494733-token' } },
      artifacts: {
        ...{ url: artifacts.url, user: artifacts.user, sha256: artifacts.sha256 },
        password: { age: 'artifacts-password' },
      },
      // Its key is where ssh has one, and so are the keys of the hosts.
      ssh: { user: 'root' },
      variables: { sysctl: { 'vm.swappiness': swappiness } },
    },
  });
  return repository.commit(`swappiness ${swappiness}`);
};
const swappiness = async (): Promise<readonly string[]> =>
  Promise.all(hosts.hosts.map(async ({ sh }) => (await sh('cat /proc/sys/vm/swappiness')).trim()));
const byHand = () => hosts.host.sh("echo '# mine' >>/opt/profile");
const mended = () => hosts.host.sh("sed -i '/^# mine$/d' /opt/profile");

beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'fcops-recipes-'));
  hosts = await startSimulatedHosts({ hosts: [c2Machine('c2-10'), c2Machine('c2-11')] });
  artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  repository = await makeRepository();
  putRecipes(repository.directory, await packFcops(top));
  copyFileSync(hosts.knownHosts, join(repository.directory, 'known_hosts'));
  mkdirSync(join(repository.directory, 'inventories'));
  const home = join(top, 'operator');
  const own = async (words: readonly string[], input?: string) => {
    const ended = await fcops(['secrets', ...words], {
      ...{ cwd: repository.directory, home },
      ...(input !== undefined && { input }),
    });
    if (ended.exitCode !== 0) throw new Error(ended.stderr);
  };
  mkdirSync(home);
  await merged(10);
  await own(['init']);
  await own(['set', 'f0494733-token'], TOKEN);
  await own(['set', 'artifacts-password'], artifacts.password);
  keys = {
    FCOPS_SSH_KEY: readFileSync(hosts.privateKey, 'utf8'),
    FCOPS_AGE_KEY: readFileSync(join(home, '.config/fcops/age.key'), 'utf8'),
  };
  watching = setInterval(() => {
    for (const list of argumentsNow()) watched.arguments.add(list);
    for (const file of keyFiles()) watched.modes.add(file);
  }, 20);
}, 120_000);
afterAll(async () => {
  clearInterval(watching);
  await artifacts?.stop();
  await hosts?.stop();
  for (const directory of [top, repository?.directory])
    if (directory) rmSync(directory, { recursive: true, force: true });
});

/** The keys that lie somewhere below this test's directory, each with its mode: `id_ed25519 600`. */
const keyFiles = (): readonly string[] => {
  try {
    return readdirSync(top, { recursive: true, withFileTypes: true }).flatMap(({ name, parentPath }) =>
      (name === 'id_ed25519' || name === 'age.key') && !parentPath.startsWith(join(top, 'operator'))
        ? [`${name} ${(statSync(join(parentPath, name)).mode & 0o777).toString(8)}`]
        : [],
    );
  } catch {
    // Something has gone while it was looked at.
    return [];
  }
};

const saidBy = ({ steps, summary }: JobEnd): string =>
  [summary, ...steps.flatMap(({ stdout, stderr }) => [stdout, stderr])].join('\n');

describe('GitHub', { timeout: 300_000 }, () => {
  const run = (
    name: 'apply' | 'drift',
    sha: string,
    {
      programs,
      workflow = (one: string) => one,
    }: { programs?: ForgePrograms; workflow?: (text: string) => string } = {},
  ) => {
    const own = nextTop();
    return new GithubRun(workflow(text(`.github/workflows/${name}.yml`)), {
      ...{ top: own, origin: repository.directory },
      programs: programs ?? makeForgePrograms(own),
      event: { name: name === 'apply' ? 'push' : 'schedule', sha },
      secrets: { hosts: keys, production: keys },
    });
  };

  it('plans what was merged, and applies that once it is approved; a second time there is nothing to approve', async () => {
    const sha = await merged(11);
    const before = await swappiness();
    const github = run('apply', sha);
    const plan = await github.job('plan');
    expect(plan.state, saidBy(plan)).toBe('success');
    expect(plan.outputs).toEqual({ changes: 'true' });
    expect(plan.summary).toContain(`### fcops plan all of ${MINER}`);
    expect(plan.summary).toContain('vm.swappiness');
    expect(await swappiness()).toEqual(before);
    expect(existsSync(join(plan.temp, 'fcops-home'))).toBe(false);

    const apply = await github.job('apply', { plan });
    expect(apply.state, saidBy(apply)).toBe('success');
    expect(saidBy(apply)).toContain('applying the plan of ');
    expect(await swappiness()).toEqual(['11', '11']);
    expect(existsSync(join(apply.temp, 'fcops-home'))).toBe(false);
    const found = secrets().filter((secret) => (saidBy(plan) + saidBy(apply)).includes(secret));
    expect(found).toEqual([]);

    const again = run('apply', sha);
    const nothing = await again.job('plan');
    expect([nothing.state, nothing.outputs]).toEqual(['success', { changes: 'false' }]);
    expect(await again.job('apply', { plan: nothing })).toMatchObject({ state: 'skipped' });
  });

  it('applies nothing where a host was changed while the plan waited; run again, it has a plan of now', async () => {
    const github = run('apply', await merged(12));
    const plan = await github.job('plan');
    expect(plan.state, saidBy(plan)).toBe('success');
    await byHand();
    const apply = await github.job('apply', { plan });
    expect(apply.state).toBe('failure');
    expect(saidBy(apply)).toContain('file /opt/profile: changed on the host since');
    expect(await swappiness()).toEqual(['11', '11']);
    expect(existsSync(join(apply.temp, 'fcops-home'))).toBe(false);

    const second = await github.job('plan');
    expect(second.state, saidBy(second)).toBe('success');
    const applied = await github.job('apply', { plan: second });
    expect(applied.state, saidBy(applied)).toBe('success');
    expect(await swappiness()).toEqual(['12', '12']);
    expect(await hosts.host.sh('cat /opt/profile')).not.toContain('# mine');
  });

  it('applies nothing where the approval took longer than the plan may be applied', async () => {
    const sha = await merged(13);
    const github = run('apply', sha, { workflow: (one) => one.replace('--valid 72h', '--valid 1s') });
    const plan = await github.job('plan');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const apply = await github.job('apply', { plan });
    expect([apply.state, saidBy(apply)]).toEqual([
      'failure',
      expect.stringContaining('this plan expired at'),
    ]);
    expect(await swappiness()).toEqual(['12', '12']);
  });

  it('has no plan to approve where a host could not be looked at', async () => {
    const github = run('apply', await merged(14), {
      workflow: (one) => one.replaceAll('secrets.FCOPS_SSH_KEY', 'secrets.FCOPS_AGE_KEY'),
    });
    const plan = await github.job('plan');
    expect(plan.state).toBe('failure');
    expect(await github.job('apply', { plan })).toMatchObject({ state: 'skipped' });
  });

  it('opens one issue for what was changed by hand, keeps it up to date, and closes it', async () => {
    const sha = await merged(12);
    const programs = makeForgePrograms(nextTop());
    const look = async () => {
      const ended = await run('drift', sha, { programs }).job('drift');
      expect(existsSync(join(ended.temp, 'fcops-home'))).toBe(false);
      return ended;
    };
    expect(await look()).toMatchObject({ state: 'success' });
    expect(programs.store().changes).toEqual([]);
    await byHand();
    const drifted = await look();
    expect([drifted.state, saidBy(drifted)]).toEqual(['failure', expect.stringContaining('::error::')]);
    expect(programs.store().issues).toMatchObject([
      { number: 30, title: `fcops: drift of ${MINER}`, state: 'open' },
    ]);
    const { body = '' } = programs.store().issues[0] ?? {};
    expect(body).toContain('Something was changed since fcops left it');
    expect(body).toContain('/opt/profile');
    expect(drifted.summary).toBe(body);
    expect(await look()).toMatchObject({ state: 'failure' });
    await mended();
    expect(await look()).toMatchObject({ state: 'success' });
    expect(programs.store().changes).toEqual(['POST issues', 'PATCH issues/30', 'PATCH issues/30']);
    expect(programs.store().issues).toMatchObject([{ state: 'closed' }]);
    expect(secrets().filter((secret) => body.includes(secret))).toEqual([]);
  });
});

describe('GitLab', { timeout: 300_000 }, () => {
  const run = (source: 'push' | 'schedule', sha: string, programs = makeForgePrograms(nextTop())) =>
    new GitlabRun(text('.gitlab-ci.yml'), {
      ...{ top: nextTop(), origin: repository.directory, sha, programs },
      variables: { CI_PIPELINE_SOURCE: source, CI_COMMIT_BRANCH: 'main', FCOPS_NOTE_TOKEN: GITLAB_TOKEN },
      files: { hosts: keys, production: keys },
    });

  it('plans what was merged, and applies that when the button is pressed', async () => {
    const gitlab = run('push', await merged(21));
    const plan = await gitlab.job('plan');
    expect(plan.state, plan.stdout + plan.stderr).toBe('success');
    expect(readFileSync(join(plan.artifacts, 'plan.md'), 'utf8')).toContain('vm.swappiness');
    expect(await swappiness()).toEqual(['12', '12']);
    const apply = await gitlab.job('apply');
    expect(apply.state, apply.stdout + apply.stderr).toBe('success');
    expect(await swappiness()).toEqual(['21', '21']);
    const said =
      plan.stdout +
      plan.stderr +
      apply.stdout +
      apply.stderr +
      readFileSync(join(plan.artifacts, 'fcops.plan'), 'utf8');
    expect(secrets().filter((secret) => said.includes(secret))).toEqual([]);
    for (const name of ['review', 'drift'])
      expect(await gitlab.job(name)).toMatchObject({ state: 'left out' });
  });

  it('applies nothing where a host was changed while the plan waited', async () => {
    const gitlab = run('push', await merged(22));
    await gitlab.job('plan');
    await byHand();
    const apply = await gitlab.job('apply');
    await mended();
    expect([apply.state, apply.stdout]).toEqual([
      'failed',
      expect.stringContaining('file /opt/profile: changed on the host since'),
    ]);
    expect(await swappiness()).toEqual(['21', '21']);
  });

  it('opens one issue for what was changed by hand, keeps it up to date, and closes it', async () => {
    const sha = await merged(21);
    const programs = makeForgePrograms(nextTop());
    const look = () => run('schedule', sha, programs).job('drift');
    expect(await look()).toMatchObject({ state: 'success' });
    await byHand();
    const drifted = await look();
    expect([drifted.state, drifted.exitCode & 2]).toEqual(['failed', 2]);
    expect(programs.store().issues).toMatchObject([
      { title: `fcops: drift of ${MINER}`, body: expect.stringContaining('/opt/profile'), state: 'open' },
    ]);
    expect(await look()).toMatchObject({ state: 'failed' });
    await mended();
    expect(await look()).toMatchObject({ state: 'success' });
    expect(programs.store().changes).toEqual(['POST issues', 'PUT issues/30', 'PUT issues/30']);
    expect(programs.store().issues).toMatchObject([{ state: 'closed' }]);
    expect(await run('schedule', sha).job('plan')).toMatchObject({ state: 'left out' });
  });
});

describe('keys', () => {
  it('were among no arguments, readable by nobody else, and nothing is left of them', () => {
    expect([...watched.arguments].some((one) => one.includes('apply\0'))).toBe(true);
    expect([...watched.arguments].filter((one) => secrets().some((secret) => one.includes(secret)))).toEqual(
      [],
    );
    expect([...watched.modes].sort()).toEqual(['age.key 600', 'id_ed25519 600']);
    expect(keyFiles()).toEqual([]);
  });
});
