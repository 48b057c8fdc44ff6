/** @module-tag needs-namespaces */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type ArtifactServer, packProgram, startArtifactServer } from '../../support/artifact-server.ts';
import { MINER, writeCluster } from '../../support/cluster.ts';
import { fcops as run, startFcopsOnTerminal } from '../../support/fcops.ts';
import { lotusProgram, publishLotus } from '../../support/lotus/programs.ts';
import { makeMiner, stopMiner } from '../../support/lotus/running-miner.ts';
import { c2Machine, minerMachine } from '../../support/machines.ts';
import { argumentsNow, filesWith, readableFilesWith } from '../../support/planted-secrets.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';
import { hasOneOfThirty, keepThirty, type Ref, THIRTY } from '../../support/thirty-secrets.ts';

/**
 * Thirty secrets, kept in every way, in every key of a cluster file that may name one: nothing that a deploy, an upgrade or a
 * run that fails leaves anywhere has one in it.
 */

const LOTUS = '1.11.1-3079a405a';
const [FIRST, SECOND, BROKEN] = [
  '1.11.1-aaaaaaaaa-intel',
  '1.11.1-bbbbbbbbb-intel',
  '1.11.1-ccccccccc-intel',
];
/** Numbers of those that are used: the others are of storages and hosts. */
const [TOKEN, LOGIN] = [0, 1];

/** Who commits, whatever is set for the one who runs the tests. */
const NOBODY = {
  ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  ...{ GIT_AUTHOR_NAME: 'alice', GIT_AUTHOR_EMAIL: 'alice@example.com' },
  ...{ GIT_COMMITTER_NAME: 'alice', GIT_COMMITTER_EMAIL: 'alice@example.com' },
};

let hosts: SimulatedHosts;
let miner: SimulatedHost;
let worker: SimulatedHost;
let single: SimulatedHost;
let artifacts: ArtifactServer;
let top = '';
let env: Readonly<Record<string, string>> = {};
/** Of the API, as lotus-miner has made it. */
let minerToken = '';

const inTop = (name: string): string => join(top, name);
const printed = new Map<string, string>();
const fcops = async (
  inventory: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
) => {
  const ended = await run([...args, '--inventory', inTop(inventory)], { env: { ...env, ...more } });
  printed.set(`${inventory}: ${args.join(' ')} ${printed.size}`, `${ended.stdout}\n${ended.stderr}`);
  return ended;
};

const argumentsSeen = new Set<string>();
let watching: NodeJS.Timeout;

const hasAny = (text: string): boolean =>
  hasOneOfThirty(text) ||
  text.includes(artifacts.password) ||
  (minerToken !== '' && text.includes(minerToken));

/** Changes what stands in a cluster file. */
const change = (file: string, how: (content: Record<string, unknown>) => object): void =>
  writeFileSync(file, stringify(how(parse(readFileSync(file, 'utf8')))));

beforeAll(async () => {
  const withPassword = (name: string) => ({ ...c2Machine(name), password: THIRTY[LOGIN] ?? '' });
  hosts = await startSimulatedHosts({
    hosts: [minerMachine('miner-1'), withPassword('c2-10'), withPassword('c2-11')],
  });
  const [first, second, third] = hosts.hosts;
  if (!first || !second || !third) throw new Error('there are too few hosts');
  [miner, worker, single] = [first, second, third];
  top = mkdtempSync(join(hosts.directory, 'thirty-'));
  for (const name of ['state', 'tmp', 'reports', 'keep', 'plans']) mkdirSync(inTop(name));

  artifacts = await startArtifactServer({ versions: [] });
  const program = await lotusProgram('lotus-worker', SECOND ?? '');
  const broken = program.replace('\n', '\necho "no such CPU"; exit 1\n');
  const publish = async (name = '', text = '') => {
    const archive = `lotus-worker-${name}.tar.gz`;
    return { [archive]: artifacts.publish(archive, await packProgram('lotus-worker', text)) };
  };
  const sha256 = {
    ...(await publishLotus(artifacts, LOTUS, ['lotus', 'lotus-miner'])),
    ...(await publishLotus(artifacts, FIRST ?? '', ['lotus-worker'])),
    ...(await publish(SECOND, program)),
    ...(await publish(BROKEN, broken)),
  };

  // One host, with the token and the keys of storages in the file, beside hosts that nobody asks for.
  const one = join(top, 'one/inventories');
  const kept = await keepThirty(one, inTop('keep'));
  env = {
    ...kept.env,
    ARTIFACTS_PASSWORD: artifacts.password,
    XDG_STATE_HOME: inTop('state'),
    TMPDIR: inTop('tmp'),
  };
  const ref = (index: number): Ref => kept.refs[index] ?? {};
  const { knownHosts, privateKey } = hosts;
  const c2 = { roles: ['c2'], profile: 'intel-4216' } as const;
  const storage = Array.from({ length: 4 }, (_, index) => ({
    ...{ name: `ceph${index}`, type: 'ceph', path: `/ceph${index}`, on: ['c2'], sectors: false },
    ...{ monitors: ['192.168.51.101'], source: `/${index}`, user: `user${index}`, key: ref(index + 2) },
  }));
  const ghosts = Array.from({ length: 12 }, (_, index) => ({
    host: { name: `c2-2${index}`, address: `127.9.9.${index + 1}`, port: 22 },
    ...{ ...c2, roles: ['c2'] as const },
    more: { ssh: { port: 22, password: ref(2 * index + 6), sudoPassword: ref(2 * index + 7) } },
  }));
  const login = { password: ref(LOGIN) };
  await writeCluster({
    ...hosts,
    directory: join(top, 'one'),
    artifacts: { ...artifacts, sha256 },
    hosts: [
      { host: single, ...c2, roles: ['c2'], more: { checks: 'off', ssh: { port: single.port, ...login } } },
      ...ghosts,
    ],
    more: {
      api: { address: '/ip4/192.168.10.1/tcp/2345/http', token: ref(TOKEN) },
      versions: { c2: FIRST },
      ssh: { user: 'root', knownHosts },
      storage,
    },
  });

  // A miner with a worker, which reads the token from its host.
  await writeCluster({
    ...hosts,
    directory: join(top, 'both'),
    artifacts: { ...artifacts, sha256 },
    hosts: [
      {
        host: miner,
        roles: ['miner'],
        profile: 'amd-7532',
        more: { checks: 'off', ssh: { port: miner.port, privateKey } },
      },
      { host: worker, ...c2, roles: ['c2'], more: { checks: 'off', ssh: { port: worker.port, ...login } } },
    ],
    more: {
      api: { from: 'miner' },
      versions: { lotus: LOTUS, miner: LOTUS, c2: FIRST },
      variables: { syncDeadline: 60 },
      ssh: { user: 'root', knownHosts },
    },
  });
  watching = setInterval(() => {
    for (const list of argumentsNow()) argumentsSeen.add(list);
  }, 20);
}, 120_000);

afterAll(async () => {
  clearInterval(watching);
  for (const host of [worker, single]) await host?.sh('pkill -KILL -f worker-repo; true').catch(() => {});
  if (miner) await stopMiner(miner).catch(() => {});
  await artifacts?.stop();
  await hosts?.stop();
});

describe('with thirty secrets', { timeout: 300_000 }, () => {
  it('a deploy uses those that it needs, as they are', async () => {
    const limit = ['--limit', 'c2-11'];
    expect(THIRTY).toHaveLength(30);
    await fcops('one/inventories', ['inventory', 'check']);
    const two = await fcops('one/inventories', ['secrets', 'check']);
    expect(two.stdout).toContain('two-lines has several lines');
    await fcops('one/inventories', ['inventory', 'show', 'c2-11', '--output', 'json']);
    const planned = await fcops('one/inventories', ['plan', 'c2', '--full', ...limit]);
    expect([planned.exitCode, planned.stderr]).toEqual([0, '']);
    expect(planned.stdout).toContain('********');
    await fcops('one/inventories', ['plan', 'c2', '--full', '--output', 'json', ...limit]);
    for (const form of ['markdown', 'junit']) {
      const { exitCode, stdout } = await fcops('one/inventories', ['plan', 'c2', '--output', form, ...limit]);
      expect([exitCode, stdout.length > 1000]).toEqual([0, true]);
    }
    await fcops('one/inventories', ['facts', 'c2-11', '--save']);
    await fcops('one/inventories', ['render', 'c2', '--out', inTop('rendered'), ...limit]);
    // Nothing mounts ceph here: what stands on the host before it fails.
    const deployed = await fcops('one/inventories', ['deploy', 'c2', '--yes', '--full', '-v', ...limit]);
    expect(deployed.exitCode, deployed.stdout + deployed.stderr).toBe(1);
    await fcops('one/inventories', ['resume', 'last', '-v', '--full']);
    await fcops('one/inventories', ['deploy', 'c2', '--yes', '--full', '-v', '--output', 'json', ...limit]);
    await fcops('one/inventories', ['runs', 'show', 'last', '--output', 'json']);
    const profile = await single.sh('. /opt/profile; printf %s "$MINER_API_INFO"');
    expect(profile).toBe(`${THIRTY[TOKEN]}:/ip4/192.168.10.1/tcp/2345/http`);
    const keys = await single.sh('cat /etc/ceph/*.keyring /etc/ceph/*.key 2>/dev/null; true');
    for (const index of [2, 3, 4, 5]) expect(keys).toContain(THIRTY[index]);

    await fcops('one/inventories', ['exec', 'c2-11', '--', 'cat', '/opt/profile']);
    const support = await fcops('one/inventories', ['support', 'c2-11', '--out', inTop('support.tar.gz')]);
    expect(support.exitCode, support.stderr).toBe(0);
    printed.set('support', gunzipSync(readFileSync(inTop('support.tar.gz'))).toString('latin1'));
    const terminal = ['plan', 'c2', '--full', ...limit, '--inventory', inTop('one/inventories')];
    const { stdout } = await startFcopsOnTerminal(terminal, { env });
    printed.set('plan on a terminal', stdout);
  });

  it('a plan is saved, shown in every form and applied', async () => {
    const saved = inTop('plans/c2.plan');
    // What is replaced has secrets too: the token, and one that somebody has put there.
    appendFileSync(`${single.root}/opt/profile`, `${THIRTY[LOGIN]}\n`);
    await single.sh('rm -f /opt/start_c2.sh');
    const planned = await fcops('one/inventories', [
      ...['plan', 'c2', '--limit', 'c2-11', '--full', '--out', saved],
    ]);
    expect([planned.exitCode, planned.stderr]).toEqual([0, expect.stringContaining(`saved: ${saved}`)]);
    expect(readFileSync(saved, 'utf8')).toContain('/opt/profile');
    for (const form of ['text', 'json', 'markdown']) {
      const shown = await fcops('one/inventories', ['show', saved, '--full', '--output', form]);
      expect([shown.exitCode, shown.stderr]).toEqual([0, '']);
      expect(shown.stdout).toContain('/opt/profile');
    }
    for (const form of ['text', 'json']) {
      const applied = await fcops('one/inventories', [
        ...['apply', saved, '--yes', '--full', '-v', '--output', form],
      ]);
      expect([applied.exitCode, applied.stderr]).not.toEqual([0, expect.stringContaining('refused')]);
    }
    expect(await single.sh('cat /opt/profile')).not.toContain(THIRTY[LOGIN]);
    await fcops('one/inventories', [
      'plan',
      'c2',
      '--only-drift',
      '--output',
      'markdown',
      '--limit',
      'c2-11',
    ]);
  });

  it('a comparison of two states is printed in every form', async () => {
    const [directory, file] = [inTop('one'), `inventories/${MINER}.yaml`];
    const git = (...words: readonly string[]) => execa('git', words, { cwd: directory, env: NOBODY });
    await git('init', '--quiet', '--initial-branch=main');
    await git('add', '--all');
    await git('commit', '--quiet', '--message', 'before');
    const before = readFileSync(join(directory, file), 'utf8');
    change(join(directory, file), (content) => ({
      ...content,
      // Another one is the token, and keys change their places.
      api: { ...Object(content.api), token: { env: 'SECRET_9' } },
      storage: [...Object(content.storage)].reverse(),
      variables: { environment: { RUST_LOG: 'debug' } },
    }));
    for (const form of ['text', 'json', 'markdown', 'junit']) {
      const { exitCode, stdout, stderr } = await fcops('one/inventories', [
        ...['plan', 'c2', '--base', 'main', '--output', form, '--full'],
      ]);
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(stdout).toContain('env SECRET_9');
    }
    writeFileSync(join(directory, file), before);
  });

  it('an upgrade works, and one that fails goes back', async () => {
    const done = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await fcops('both/inventories', args);
      expect(exitCode, stdout + stderr).toBe(0);
    };
    await done('deploy', 'miner', '--yes');
    await makeMiner(miner, MINER);
    await miner.sh('flock -w 10 /var/lib/fcops/session true; flock -w 10 /var/lib/fcops/lock true');
    await done('deploy', 'all', '--start', '--yes', '-v', '--full');
    minerToken = (await miner.sh('cat /opt/raid0/lotusminer/token')).trim();
    expect(minerToken.length).toBeGreaterThan(20);
    await done('upgrade', '--role', 'c2', '--ver', SECOND ?? '', '--yes', '-v');
    const failed = await fcops('both/inventories', [
      'upgrade',
      '--role',
      'c2',
      '--ver',
      BROKEN ?? '',
      '--yes',
      '-v',
    ]);
    expect(failed.exitCode).toBe(1);
    await fcops('both/inventories', ['runs', 'show', 'last']);
    await fcops('both/inventories', ['status', '--output', 'json']);
    await fcops('both/inventories', ['verify']);
  });

  it('runs fail for every reason that has to do with one', async () => {
    const file = inTop(`one/inventories/${MINER}.yaml`);
    const before = readFileSync(file, 'utf8');
    const plan = ['plan', 'c2', '--limit', 'c2-11', '--full'];
    const saidOf = async (
      api: Ref,
      more: Readonly<Record<string, string>> = {},
      args: readonly string[] = plan,
    ) => {
      change(file, (content) => ({ ...content, api }));
      const { exitCode, stdout, stderr } = await fcops('one/inventories', args, more);
      writeFileSync(file, before);
      expect(exitCode).toBe(1);
      return stdout + stderr;
    };
    const { api } = parse(before);
    const withToken = (token: Ref) => ({ ...api, token });
    expect(await saidOf(withToken({ age: 'two-lines' }))).toContain('has several lines');
    expect(await saidOf(withToken({ age: 'missing' }))).toContain('is missing');
    const vault = (script: string) => withToken({ exec: ['sh', '-c', script] });
    const cat = `cat ${inTop('keep/secret-3')}`;
    expect(await saidOf(vault(`${cat}; ${cat} >&2; exit 3`))).toContain('ended with exit code 3');
    expect(await saidOf(vault(`${cat}; ${cat}`))).toContain('several lines');
    // Another password than the host has, and than the download server has.
    expect(await saidOf(api, { SECRET_1: THIRTY[13] ?? '' })).toContain('c2-11');
    await single.sh('rm -rf /opt/lotus-worker /opt/application /opt/raid0/application; true');
    await fcops('one/inventories', ['deploy', 'c2', '--yes', '-v', '--limit', 'c2-11', '--tags', 'worker'], {
      ARTIFACTS_PASSWORD: THIRTY[14] ?? '',
    });
    // A secret that is written down in the file itself.
    expect(await saidOf({ ...api, token: THIRTY[15] })).toContain('must say where the secret is kept');
  });

  it('an error that nobody has caught leaves a report without one', async () => {
    const boom = inTop('boom.mjs');
    writeFileSync(
      boom,
      `const timer = setInterval(() => {
  if (!process.getActiveResourcesInfo().includes('TCPSocketWrap')) return;
  clearInterval(timer);
  throw new Error('made up: ' + process.env.BOOM);
}, 1).unref();
`,
    );
    const { exitCode, stderr } = await fcops('one/inventories', ['plan', 'c2', '--limit', 'c2-11'], {
      BOOM: `${THIRTY[TOKEN]} ${THIRTY[2]} ${THIRTY[3]}`,
      NODE_OPTIONS: `--import=${boom} --report-uncaught-exception --report-directory=${inTop('reports')}`,
    });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('this is a defect of fcops')]);
    expect(stderr).toContain('made up: ******** ******** ********');
    const [log] = readdirSync(inTop('tmp')).filter((name) => name.startsWith('fcops-defect'));
    expect(readFileSync(join(inTop('tmp'), log ?? ''), 'utf8')).toContain('made up: ********');
    expect(readdirSync(inTop('reports'))).toEqual([]);
  });

  it('none of them was printed', () => {
    expect(printed.size).toBeGreaterThan(25);
    expect([...printed].filter(([, text]) => hasAny(text)).map(([args]) => args)).toEqual([]);
  });

  it('none of them is in what the controller keeps', () => {
    expect(filesWith(inTop('state'), (text) => text.includes('fcops-host-plan/1')).length).toBeGreaterThan(1);
    for (const place of ['state', 'tmp', 'reports', 'one', 'both', 'plans'])
      expect([place, ...filesWith(inTop(place), hasAny)]).toEqual([place]);
    // What is rendered is what hosts get: for its user alone where one is in it.
    const rendered = filesWith(inTop('rendered'), hasAny);
    expect(rendered.length).toBeGreaterThan(1);
    expect(rendered.filter((file) => (statSync(file).mode & 0o077) !== 0)).toEqual([]);
  });

  it('none of them was among the arguments of a process, here or on a host', () => {
    expect([...argumentsSeen].some((text) => text.includes('deploy\0c2'))).toBe(true);
    expect([...argumentsSeen].some((text) => text.includes('lotus-worker'))).toBe(true);
    expect([...argumentsSeen].filter(hasAny)).toEqual([]);
  });

  it('nobody but root can read one on a host', () => {
    for (const { root } of [worker, single]) expect(readableFilesWith(root, hasAny)).toEqual([]);
    expect(readableFilesWith(miner.root, hasOneOfThirty)).toEqual([]);
  });
});
