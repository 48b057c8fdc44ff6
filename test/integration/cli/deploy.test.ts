/** @module-tag needs-namespaces */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventSchema } from '../../../src/cli/views/event-document.ts';
import { planDocumentSchema } from '../../../src/cli/views/plan-document.ts';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import {
  type ClusterHost,
  TOKEN,
  VERSIONS,
  type WrittenCluster,
  writeCluster,
} from '../../support/cluster.ts';
import { fcopsOnTerminal, fcops as run, startFcops, startFcopsOnTerminal } from '../../support/fcops.ts';
import { c2Machine, copyPieceInfo, p1Machine } from '../../support/machines.ts';
import { needs } from '../../support/needs.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';

/** A day of an operator on simulated hosts: the commands as they are typed, one test after the other. */

let hosts: SimulatedHosts;
let artifacts: ArtifactServer;
let cluster: WrittenCluster;

const withInventory = (args: readonly string[]) => [...args, '--inventory', cluster.inventory];
const fcops = (...args: string[]) => run(withInventory(args), { env: cluster.env });
/** Types the keys when fcops asks. */
const onTerminal = (keys: string, ...args: string[]) =>
  fcopsOnTerminal(withInventory(args), { after: '[y/N]', keys }, { env: cluster.env });

const inCluster = (host: SimulatedHost): ClusterHost =>
  host.name.startsWith('c2')
    ? { host, roles: ['c2'], profile: 'intel-4216' }
    : { host, roles: ['p1'], profile: 'amd-7532' };

const SCRIPT = '/opt/lotusworker/worker-3p1/start_3p1.sh';

beforeAll(async () => {
  hosts = await startSimulatedHosts({
    hosts: [p1Machine('p1-50'), p1Machine('p1-51'), c2Machine('c2-10')],
  });
  artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  await Promise.all(hosts.hosts.map((host) => copyPieceInfo(host)));
  cluster = await writeCluster({
    ...hosts,
    artifacts,
    hosts: hosts.hosts.map(inCluster),
  });
});

afterAll(async () => {
  await artifacts?.stop();
  await hosts?.stop();
});

describe('before anything is deployed', () => {
  it('plans, and says by its exit code that there are changes', async () => {
    const { exitCode, stdout, stderr } = await fcops('plan', 'p1');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('p1-[50:51] (2 hosts)');
    expect(stdout).toMatch(/Plan: 2 hosts: \d+ to create, \d+ to update, \d+ to run\n$/);
    expect((await fcops('plan', 'p1', '--detailed-exitcode')).exitCode).toBe(2);
  });

  it('plans as JSON, as the schema says, and without the token', async () => {
    const { stdout } = await fcops('plan', 'p1', '--limit', 'p1-50', '--output', 'json');
    const plan = planDocumentSchema.parse(JSON.parse(stdout));
    expect(plan.hosts.map(({ host, state }) => [host, state])).toEqual([['p1-50', 'changes']]);
    expect(stdout).not.toContain(TOKEN);
  });

  it('changes nothing where nobody can be asked', async () => {
    const { exitCode, stdout, stderr } = await fcops('deploy', 'p1');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Plan: 2 hosts');
    expect(stderr).toContain('nothing was changed: a deploy asks first');
    expect(stderr).toContain('add --yes');
    expect(existsSync(`${hosts.host.root}/opt/lotusworker`)).toBe(false);
  });

  it('changes nothing where the answer is no, and asks once', async () => {
    const { exitCode, stdout } = await onTerminal('n\n', 'deploy', 'p1');
    expect(exitCode).toBe(1);
    expect(stdout.split('Apply these changes to 2 hosts of f0494733? [y/N]')).toHaveLength(2);
    expect(stdout).toContain('Nothing was changed.');
    expect(existsSync(`${hosts.host.root}/opt/lotusworker`)).toBe(false);
  });

  it('shows details where they are asked for, in a pager as they are longer than the screen, and asks again', async () => {
    const running = startFcopsOnTerminal(withInventory(['deploy', 'p1']), {
      env: { ...cluster.env, PAGER: 'sed "s/^/PAGED /"' },
    });
    let shown = '';
    let asked = 0;
    running.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      const questions = shown.split('[y/N]').length - 1;
      for (; asked < questions; asked++) running.stdin.write(asked === 0 ? 'd\n' : 'n\n');
    });
    const { exitCode } = await running;
    expect([exitCode, asked]).toEqual([1, 2]);
    expect(shown).not.toContain('PAGED + create');
    expect(shown).toMatch(/PAGED .*file \/opt\/lotusworker\/worker-9p1\/start_9p1\.sh/);
    expect(shown.slice(0, shown.indexOf('PAGED'))).toContain('worker-[1:14]p1/start_[1:14]p1.sh');
    expect(shown).toContain('Nothing was changed.');
  });

  it('takes Ctrl-C at the question for an interrupt', async () => {
    const { exitCode, stdout } = await onTerminal('\u0003', 'deploy', 'p1');
    expect(exitCode).toBe(130);
    expect(stdout).toContain('Nothing was changed.');
  });
});

describe('a host of another miner', () => {
  const theHost = (): SimulatedHost => {
    const found = hosts.hosts.find(({ name }) => name === 'c2-10');
    if (!found) throw new Error('there is no c2-10');
    return found;
  };
  const stampOf = () => theHost().sh('cat /var/lib/fcops/stamp');

  it('is refused, and its miner named', async () => {
    await theHost().sh(
      "mkdir -p /var/lib/fcops && printf 'miner: f0730670\\nhost: c2-77\\n' >/var/lib/fcops/stamp",
    );
    const said = 'the host belongs to f0730670, where it is c2-77 (/var/lib/fcops/stamp)';
    expect((await fcops('plan', 'c2', '--tags', 'scripts')).stdout).toContain(said);
    for (const look of ['status', 'verify', 'doctor']) expect((await fcops(look)).stdout).toContain(said);
    const { exitCode, stdout, stderr } = await fcops('deploy', 'c2', '--yes');
    expect(exitCode).toBe(1);
    expect(stdout + stderr).toContain(said);
    expect(stdout + stderr).toContain('fcops adopt c2-10 --miner f0494733');
    expect(await stampOf()).toContain('f0730670');
  });

  it('is taken over by name, with nothing else changed', async () => {
    expect((await fcops('adopt', 'c2-10')).stderr).toContain('asks first');
    expect(await stampOf()).toContain('f0730670');
    const { exitCode, stdout } = await fcops('adopt', 'c2-10', '--miner', 'f0494733', '--yes');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('-miner: f0730670')]);
    expect(stdout).toContain('+miner: f0494733');
    expect(await stampOf()).toBe('miner: f0494733\nhost: c2-10');
    expect(existsSync(`${theHost().root}/opt/start_c2.sh`)).toBe(false);
    expect((await fcops('plan', 'c2')).stdout).not.toContain('belongs to');
  });
});

/** A P1 machine mounts huge pages, which the kernel lets nobody do but the real root. */
const asRoot = { tags: needs('root') };

describe('deploying', asRoot, () => {
  it('shows plan, progress and summary on a terminal, and gives the cursor back', async () => {
    const { exitCode, stdout } = await onTerminal('y\n', 'deploy', 'p1', '--limit', 'p1-50');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/✓.*look/);
    expect(stdout).toMatch(/p1-50 {2}\d+\/\d+ /);
    expect(stdout).toContain('1 changed');
    expect(stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001b[?25l'));
    expect(stdout).not.toContain(TOKEN);
  });

  it('is lines without a terminal, one for each task', async () => {
    const { exitCode, stdout, stderr } = await fcops('deploy', 'p1', '--yes');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('p1-50: nothing to change');
    expect(stdout).toMatch(/p1-51: \[\d+\/\d+\] worker profile/);
    expect(stdout).toContain('1 changed, 1 unchanged');
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toContain(TOKEN);
  });

  it('does nothing the second time, and needs no --yes for that', async () => {
    const { exitCode, stdout } = await fcops('deploy', 'p1', '--output', 'json');
    expect(exitCode).toBe(0);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => eventSchema.parse(JSON.parse(line)));
    const end = events.at(-1);
    expect(end?.type === 'run-end' && end.results.map(({ state }) => state)).toEqual(['same', 'same']);
    const plan = await fcops('plan', 'p1', '--detailed-exitcode');
    // That no process runs is told, with what starts them.
    expect(plan).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(
        /^p1-\[50:51\] {2}nothing to change; none of the 16 processes of each runs\n\nNext\n {2}to start what does not run: fcops deploy p1 --start --miner f0494733 --inventory \S+\n\nPlan: nothing to change on 2 hosts\n$/,
      ),
      stderr: '',
    });
  });

  it('suggests the plan of what was asked for where nobody can be asked, and keeps that nobody was', async () => {
    const asked = await fcops(
      'deploy',
      'p1',
      '--start',
      '--no-preflight',
      '--tags',
      'start',
      '--limit',
      'p1-51',
    );
    expect(asked.exitCode).toBe(1);
    expect(asked.stderr).toContain(
      `only look: fcops plan p1 --tags start --start --no-preflight --miner f0494733 --limit p1-51 --inventory ${cluster.inventory}`,
    );
    expect((await fcops('runs', 'show', 'last')).stdout).toMatch(
      /^r-\S+ {2}not confirmed: without --yes, and with nobody to ask$/m,
    );
  });

  it('takes hosts from a file', async () => {
    const file = join(hosts.directory, 'site.retry');
    writeFileSync(file, '# failed yesterday\np1-51\n');
    const plan = await fcops('plan', 'p1', '--limit', `@${file}`);
    expect(plan.stdout).toMatch(/^p1-51 {2}nothing to change/);
    const none = await fcops('plan', 'p1', '--limit', `@${file}.gone`);
    expect([none.exitCode, none.stderr]).toEqual([1, expect.stringContaining('there is no such file')]);
  });

  it('shows what was edited by hand as a diff, repairs it, and says which worker still runs as before', async () => {
    const file = `${hosts.host.root}${SCRIPT}`;
    const before = readFileSync(file, 'utf8');
    await hosts.host.sh(`bash ${SCRIPT}; sleep 2.5`);
    appendFileSync(file, 'export RUST_LOG=trace\n');
    const { stdout } = await fcops('plan', 'p1');
    expect(stdout).toContain(`~ file ${SCRIPT}`);
    expect(stdout).toContain('-export RUST_LOG=trace');
    expect(stdout).toContain('Plan: 1 host: 1 to update; 1 host unchanged');
    const deployed = await fcops('deploy', 'p1', '--yes');
    expect(deployed.exitCode).toBe(0);
    expect(deployed.stdout).toMatch(/p1-50 .* restart owed/);
    expect(deployed.stdout).toContain(
      'nothing is restarted by itself. These run with what they were started with',
    );
    expect(deployed.stdout).toMatch(/since when it runs:\n {6}fcops status --full .*\n/);
    expect(deployed.stdout).toContain(`P1-3: ${SCRIPT} is newer than it; runs since `);
    expect(deployed.stdout).not.toContain('\n\n\n');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('derives from the host what runs as before: a controller that knows nothing of the run says the same', async () => {
    const state = mkdtempSync(join(tmpdir(), 'another-controller-'));
    const plan = () =>
      run(withInventory(['plan', 'p1', '--limit', 'p1-50', '--detailed-exitcode']), {
        env: { ...cluster.env, XDG_STATE_HOME: state },
      });
    const owed = await plan();
    // A debt is no change; the other processes of this host do not run.
    expect(owed.exitCode).toBe(12);
    expect(owed.stdout).toMatch(/% P1-3: .*start_3p1\.sh is newer than it; runs since/);
    expect(owed.stdout).toContain('1 process to restart');
    const pid = /P1-3: .*, process (\d+)/.exec(owed.stdout)?.[1];
    await hosts.host.sh(`kill ${pid} && while kill -0 ${pid} 2>/dev/null; do sleep 0.1; done`);
    expect((await plan()).stdout).not.toContain('restart');
  });

  it('stops between two steps when it is interrupted, and is taken up from there', async () => {
    const [, second] = hosts.hosts;
    await second?.sh('rm -rf /opt/lotusworker');
    const running = startFcops(withInventory(['deploy', 'p1', '--yes']), { env: cluster.env });
    running.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('p1-51: [1/')) running.kill('SIGINT');
    });
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(130);
    expect(stdout).toContain('Interrupted: hosts stop after the step they are at');
    expect(stdout).toContain('STOPPED p1-51');
    expect(stdout).toContain('fcops resume r-');
    const resumed = await fcops('resume', 'last');
    expect([resumed.exitCode, resumed.stdout]).toEqual([0, expect.stringMatching(/^1 host: 1 changed/m)]);
    expect((await fcops('plan', 'p1', '--detailed-exitcode')).exitCode).toBe(0);
  });

  it('goes on to its own end, quietly, where nobody reads its output any more', async () => {
    const [, second] = hosts.hosts;
    await second?.sh('rm -rf /opt/lotusworker');
    const running = startFcops(withInventory(['deploy', 'p1', '--yes']), { env: cluster.env });
    // As `| head -1` does.
    running.stdout.once('data', () => running.stdout.destroy());
    expect(await running).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await fcops('plan', 'p1', '--detailed-exitcode')).exitCode).toBe(0);

    await hosts.host.sh(`rm -f ${SCRIPT} && mkdir ${SCRIPT}`);
    const failing = startFcops(withInventory(['deploy', 'p1', '--yes']), { env: cluster.env });
    failing.stdout.once('data', () => failing.stdout.destroy());
    expect((await failing).exitCode).toBe(1);
    await hosts.host.sh(`rmdir ${SCRIPT}`);
    expect((await fcops('deploy', 'p1', '--yes')).exitCode).toBe(0);
  });

  it('ends with the failure, its last lines and what to do', async () => {
    await hosts.host.sh(`rm -f ${SCRIPT} && mkdir ${SCRIPT}`);
    const { exitCode, stdout } = await fcops('deploy', 'p1', '--yes');
    await hosts.host.sh(`rmdir ${SCRIPT}`);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('BLOCKED p1-50, task "scripts of P1"');
    expect(stdout).toContain(`${SCRIPT} is there and is not a file`);
    expect(stdout).toContain(`next: move it away: mv ${SCRIPT} ${SCRIPT}.old`);
    expect(stdout).toContain('1 unchanged, 1 blocked');
  });
});

/** Every file below a directory, by its path there. */
const filesBelow = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name).slice(directory.length)] : [],
  );

describe('fcops render', () => {
  const given = async (role: 'p1' | 'c2') => {
    expect((await fcops('deploy', role, '--yes')).exitCode).toBe(0);
    const chosen = hosts.hosts.filter(({ name }) => name.startsWith(role));
    for (const { name } of chosen) expect((await fcops('facts', name, '--save')).exitCode).toBe(0);
    const out = join(hosts.directory, `rendered-${role}`);
    expect(await fcops('render', role, '--out', out)).toMatchObject({ exitCode: 0, stderr: '' });
    for (const { name, root } of chosen) {
      const files = filesBelow(join(out, name));
      expect(files.length).toBeGreaterThan(5);
      for (const file of files) {
        const [rendered, deployed] = [join(out, name, file), `${root}${file}`];
        expect(readFileSync(rendered, 'utf8'), file).toBe(readFileSync(deployed, 'utf8'));
        expect(statSync(rendered).mode, file).toBe(statSync(deployed).mode);
      }
    }
  };
  const title = 'gives the bytes and modes of a deploy of %s, with no host reachable';
  it(title.replace('%s', 'p1'), asRoot, () => given('p1'));
  it(title.replace('%s', 'c2'), () => given('c2'));
});

describe('fcops facts', () => {
  it('shows a machine, and keeps what it saw for fcops render', async () => {
    const { exitCode, stdout, stderr } = await fcops('facts', 'p1-50', '--save');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('AMD EPYC 7532');
    expect(stderr).toContain('p1-50.json');
    const saved = JSON.parse(readFileSync(join(cluster.inventory, 'f0494733.facts/p1-50.json'), 'utf8'));
    expect(saved.gpus).toHaveLength(1);
    const json = await fcops('facts', 'p1-50', '--output', 'json');
    expect(JSON.parse(json.stdout)[0].facts.cpu).toEqual(saved.cpu);
    const several = await fcops('facts', '--limit', 'p1', '--output', 'json');
    expect(JSON.parse(several.stdout).map(({ host }: { host: string }) => host)).toEqual(['p1-50', 'p1-51']);
  });
});

describe('saved facts that are broken', () => {
  it('stop what needs them, and not the command that saves them anew', async () => {
    const file = join(cluster.inventory, 'f0494733.facts/c2-10.json');
    const out = join(hosts.directory, 'rendered-broken');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '{}');
    for (const args of [
      ['render', 'c2', '--out', out],
      ['inventory', 'check'],
    ]) {
      const { exitCode, stderr } = await fcops(...args);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(file);
      expect(stderr).toContain('next: fcops facts c2-10 --save');
    }
    expect((await fcops('inventory', 'show', 'c2-10')).stdout).toContain(
      'savedFacts: "broken: `hostname` is missing',
    );
    expect((await fcops('plan', 'c2')).exitCode).toBe(0);
    expect((await fcops('facts', 'c2-10', '--save')).exitCode).toBe(0);
    expect((await fcops('render', 'c2', '--out', out)).exitCode).toBe(0);
  });
});

describe('host keys', () => {
  it('are refused where they are unknown, shown and recorded by trust, then accepted', async () => {
    const known = join(hosts.directory, 'empty_known_hosts');
    writeFileSync(known, '');
    const elsewhere = await writeCluster({
      ...hosts,
      directory: join(hosts.directory, 'elsewhere'),
      knownHosts: known,
      artifacts,
      hosts: hosts.hosts.map(inCluster),
    });
    const there = (...args: string[]) => run([...args, '-i', elsewhere.inventory], { env: elsewhere.env });

    const refused = await there('plan', 'p1');
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain('the host key of');
    expect(refused.stdout).toContain(
      `then: fcops trust --miner f0494733 --limit 'p1-[50:51]' --inventory ${elsewhere.inventory}\n`,
    );
    const one = await there('plan', 'p1', '--limit', 'p1-50', '--miner', 'f0494733');
    expect(one.stdout).toContain(
      `then: fcops trust p1-50 --miner f0494733 --inventory ${elsewhere.inventory}\n`,
    );

    expect((await there('trust', 'p1-50')).stderr).toContain('here is no terminal to ask on');
    const no = await fcopsOnTerminal(
      ['trust', 'p1-50', '-i', elsewhere.inventory],
      { after: '[y/N]', keys: 'n\n' },
      { env: elsewhere.env },
    );
    expect([no.exitCode, readFileSync(known, 'utf8')]).toEqual([1, '']);
    expect(no.stdout).toContain('SHA256:');

    const yes = await there('trust', '--miner', 'f0494733', '--limit', 'p1', '--yes');
    expect(yes).toMatchObject({ exitCode: 0, stderr: '' });
    expect(yes.stdout).toMatch(/p1-50 .*ssh-ed25519 +SHA256:\S+ +recorded\n/);
    expect((await there('plan', 'p1')).exitCode).toBe(0);
    expect((await there('trust', 'p1-50')).stdout).toContain('known');
  });
});
