/**
 * @module-tag needs-namespaces
 * @module-tag needs-root
 */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planDocumentSchema } from '../../../src/cli/views/plan-document.ts';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { TOKEN, VERSIONS, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run, startFcops } from '../../support/fcops.ts';
import { copyPieceInfo, p1Machine } from '../../support/machines.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';

/** What a deploy did is taken back: all files of three hosts are compared, byte for byte, with modes and owners. */

const NEWER = '1.11.1-aaaaaaaaa';
const SCRIPT = '/opt/lotusworker/worker-3p1/start_3p1.sh';
const WORKER = '/opt/lotusworker/worker-3p1';
/** Three hosts at once on a machine that has other work. */
const LONG = { timeout: 300_000 };
const NOT_OURS = 'a line of somebody else\n';

let hosts: SimulatedHosts;
let artifacts: ArtifactServer;
let state: string;
let cluster: WrittenCluster;
/** The names of the two deploys. */
let first = '';
let second = '';
/** All files of each host, before anything and after the first deploy. */
const bare = new Map<string, string>();
const older = new Map<string, string>();

const settings = () => ({ env: { ...cluster.env, XDG_STATE_HOME: state } });
const fcops = (...args: string[]) => run([...args, '--inventory', cluster.inventory], settings());
const rollback = (...args: string[]) => fcops('rollback', ...args);

/** The inventory of before, or a newer one that changes as much as can be. */
const write = async (isNewer: boolean): Promise<void> => {
  cluster = await writeCluster({
    ...hosts,
    artifacts,
    hosts: hosts.hosts.map((host) => ({ host, roles: ['p1'], profile: 'amd-7532' })),
    more: isNewer
      ? {
          versions: { p1: NEWER },
          variables: {
            supervisor: 'systemd',
            ntpServer: 'ntp.example.com',
            timezone: 'Europe/Berlin',
            sysctl: { 'vm.swappiness': 10 },
            environment: { RUST_LOG: 'trace' },
          },
        }
      : {},
  });
};

/** All files and directories that a deploy may touch, and the settings of the system. */
const treeOf = (host: SimulatedHost): Promise<string> =>
  host.sh(`cd / && {
    find etc opt boot var/spool/cron usr/local -xdev ! -path 'opt/lotusworker/versions/p1/*' ! -name '*.fcops-before' \
      -printf '%p %M %u:%g %y %l\\n' | LC_ALL=C sort
    find etc opt boot var/spool/cron usr/local -xdev -type f -size -2M ! -path 'opt/lotusworker/versions/p1/*' ! -name '*.fcops-before' \
      -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
    cat /proc/sys/vm/swappiness /proc/sys/kernel/hostname; systemctl show -p DefaultLimitNOFILE
  }`);

const hostOf = (name: string): SimulatedHost => {
  const found = hosts.hosts.find((host) => host.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
};

const lastRun = async (): Promise<string> => {
  const { stdout } = await fcops('runs', '--output', 'json');
  const [newest] = JSON.parse(stdout) as { run: string }[];
  return newest?.run ?? '';
};

const deployed = async (): Promise<string> => {
  expect(await fcops('deploy', 'p1', '--yes')).toMatchObject({ exitCode: 0, stderr: '' });
  return lastRun();
};

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: ['p1-50', 'p1-51', 'p1-52'].map(p1Machine) });
  artifacts = await startArtifactServer({ versions: [...Object.values(VERSIONS), NEWER] });
  state = mkdtempSync(join(tmpdir(), 'fcops-rollback-'));
  for (const host of hosts.hosts) {
    await copyPieceInfo(host);
    await host.sh(`printf '* * * * * true\\n' | crontab -u root -; mkdir -p /opt/lotusworker; update-grub
      echo 'export MINER_API_INFO=an-older-token-of-theirs:/ip4/192.168.10.9/tcp/2345/http' >/opt/lotusworker/profile; chmod 0600 /opt/lotusworker/profile`);
    bare.set(host.name, await treeOf(host));
  }
  await write(false);
  first = await deployed();
  for (const host of hosts.hosts) older.set(host.name, await treeOf(host));
  await write(true);
  second = await deployed();
}, 400_000);

afterAll(async () => {
  await artifacts?.stop();
  await hosts?.stop();
  if (state !== undefined) rmSync(state, { recursive: true, force: true });
});

test('the plan of a rollback is shown, and nothing is done', LONG, async () => {
  await hosts.host.sh(`cp -a ${WORKER} /tmp/worker && bash ${SCRIPT}; sleep 2.5`);
  const before = await treeOf(hosts.host);
  const { exitCode, stdout, stderr } = await rollback('--dry-run', '--full');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    /% P1-3: \/opt\/lotusworker\/lotus-worker changes in this run; .*profile.* changes? in this run/,
  );
  expect(stderr).toContain(`rolling back ${second} of `);
  expect(stdout).toContain(`/opt/lotusworker/versions/p1/${VERSIONS.p1}/lotus-worker`);
  expect(stdout).toContain('-export RUST_LOG=trace');
  expect(stdout).toContain('ntp.example.com');
  expect(stdout).toContain('vm.swappiness');
  expect(stdout).toContain('- file /etc/systemd/system/fcops-p1@.service');
  expect(stdout).toContain(`/opt/lotusworker/versions/p1/${NEWER} stays`);
  expect(stdout).not.toContain(TOKEN);
  const document = await rollback('--dry-run', '--output', 'json', '--detailed-exitcode');
  expect((document.exitCode ?? 0) & 2).toBe(2);
  const plan = planDocumentSchema.parse(JSON.parse(document.stdout));
  expect(plan.hosts.map(({ state: one }) => one)).toEqual(['changes', 'changes', 'changes']);
  expect(document.stdout).not.toContain(TOKEN);
  expect(await treeOf(hosts.host)).toBe(before);
  const pid = /process (\d+)/.exec(stdout)?.[1];
  await hosts.host.sh(`kill ${pid}; sleep 0.5; rm -r ${WORKER}; mv /tmp/worker ${WORKER}`);
});

test('nobody to ask: nothing is done', LONG, async () => {
  const { exitCode, stderr } = await rollback();
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('a rollback asks first')]);
});

test('a run that others came after is not rolled back before them', LONG, async () => {
  const { stdout, exitCode } = await rollback(first, '--dry-run');
  expect(exitCode).toBe(1);
  expect(stdout).toContain(`are not as ${first} left them: ${second} has changed them since`);
  expect(stdout).toContain(`fcops rollback ${second}`);
});

test('a host with a file that was edited since is left alone, the others are as before', LONG, async () => {
  const edited = hostOf('p1-51');
  const file = `${edited.root}${SCRIPT}`;
  const newer = readFileSync(file, 'utf8');
  appendFileSync(file, NOT_OURS);
  const before = await treeOf(edited);
  const { exitCode, stdout } = await rollback('--yes');
  expect(exitCode).toBe(1);
  expect(stdout).toContain(`${SCRIPT} has changed since ${second}: it has another content`);
  expect(stdout).toContain('2 changed, 1 blocked');
  expect(stdout).toContain('The inventory is as it was');
  expect(stdout).not.toContain(TOKEN);
  expect(await treeOf(edited)).toBe(before);
  for (const name of ['p1-50', 'p1-52']) expect(await treeOf(hostOf(name))).toBe(older.get(name));
  writeFileSync(file, newer);
  const { stdout: runs } = await fcops('runs');
  expect(runs).toContain('rollback p1 of f0494733');
});

test('a rollback that was killed is taken up, and ends', LONG, async () => {
  const host = hostOf('p1-51');
  const running = startFcops(['rollback', '--yes', '-v', '--inventory', cluster.inventory], settings());
  running.stdout.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes('p1-51: [')) running.kill('SIGKILL');
  });
  await running;
  const { exitCode, stdout, stderr } = await fcops('resume', 'last', '--yes');
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('taking up r-')]);
  expect(stdout).toMatch(/^1 host: 1 (changed|unchanged)/m);
  expect(await treeOf(host)).toBe(older.get('p1-51'));
});

test(
  'what is rolled back has nothing left to put back, and the plan shows the deploy again',
  LONG,
  async () => {
    const { exitCode, stdout } = await rollback('--yes');
    expect(exitCode).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain(`Nothing of ${second} is left to put back.`);
    expect(stdout.replace(/\s+/g, ' ')).toContain(`fcops rollback ${first}`);
    expect(stdout).toContain('3 unchanged');
    expect((await fcops('plan', 'p1', '--detailed-exitcode')).exitCode).toBe(2);
    await write(false);
    expect((await fcops('plan', 'p1')).stdout).toContain('nothing to change');
  },
);

test(
  'of a run of which the host keeps nothing any more that is said, and the first deploy is taken back elsewhere',
  LONG,
  async () => {
    const lost = hostOf('p1-52');
    await lost.sh(`rm -r /var/lib/fcops/runs/${first}`);
    const { exitCode, stdout } = await rollback(first, '--yes');
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`nothing of ${first} is kept on this host any more`);
    // Of a file of theirs, which the deploy replaced, the token comes back and is not shown.
    expect(stdout).toContain('file /opt/lotusworker/profile');
    expect(stdout).not.toContain('an-older-token');
    expect(await hostOf('p1-50').sh('cat /opt/lotusworker/profile')).toContain('an-older-token');
    expect(await treeOf(lost)).toBe(older.get('p1-52'));
    const left = await treeOf(hostOf('p1-50'));
    const stays = left.split('\n').filter((line) => !bare.get('p1-50')?.split('\n').includes(line));
    const gone = (bare.get('p1-50') ?? '').split('\n').filter((line) => !left.split('\n').includes(line));
    // What holds a mount and the versions, both of which stay.
    expect(stays.map((line) => line.split(' ')[0])).toEqual([
      'opt/hugepages',
      'opt/hugepages/layer_labels',
      'opt/lotusworker/versions',
      'opt/lotusworker/versions/p1',
    ]);
    expect(gone).toEqual([]);
  },
);
