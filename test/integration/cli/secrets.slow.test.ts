/**
 * @module-tag needs-namespaces
 * @module-tag needs-root
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { quote } from '../../../src/core/shell.ts';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { TOKEN, VERSIONS, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run, startFcops, startFcopsOnTerminal } from '../../support/fcops.ts';
import { dual7532, HUGEPAGE_BOOT } from '../../support/hardware.ts';
import { copyPieceInfo, p1Machine } from '../../support/machines.ts';
import {
  argumentsNow,
  filesWith,
  hasPlant,
  PLANTED_FILES,
  PLANTS,
  plantingScript,
  readableFilesWith,
} from '../../support/planted-secrets.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';

/** Secrets of ours and of others are planted wherever they may be, and looked for wherever something comes out. */

const FILES = PLANTED_FILES.p1;
const WORKERS = '/opt/lotusworker';
const SCRIPT = `${WORKERS}/worker-1p1/start_1p1.sh`;
const RUNNING = `${WORKERS}/worker-2p1`;

/** Its environment is all that matters of it. */
const WORKER = `MINER_API_INFO=${PLANTS.runningToken}:/ip4/192.168.10.9/tcp/2345/http RUST_LOG=${PLANTS.environment} \
  setsid bash -c 'while :; do sleep 1; done' lotus-worker --worker-repo ${RUNNING} run </dev/null >/dev/null 2>&1 &`;

let hosts: SimulatedHosts;
let artifacts: ArtifactServer;
let cluster: WrittenCluster;
let state: string;
/** All that any command has printed, by its command line. */
const printed = new Map<string, string>();

const keep = (args: readonly string[], { stdout, stderr }: { stdout: string; stderr: string }) =>
  printed.set(args.join(' '), `${stdout}\n${stderr}`);
const settings = () => ({ env: { ...cluster.env, XDG_STATE_HOME: state } });
const fcops = async (...args: string[]) => {
  const ended = await run([...args, '--inventory', cluster.inventory], settings());
  keep(args, ended);
  return ended;
};

/** Arguments of every process of this machine and of the hosts on it, as long as somebody looks. */
const argumentsSeen = new Set<string>();
const lookAtArguments = (): void => {
  for (const list of argumentsNow()) argumentsSeen.add(list);
};

beforeAll(async () => {
  const machine = (name: string) => ({
    ...p1Machine(name),
    hardware: dual7532({ kernelArguments: `${HUGEPAGE_BOOT} luks.key=${PLANTS.kernel}` }),
  });
  hosts = await startSimulatedHosts({ hosts: [machine('p1-50'), machine('p1-51')] });
  artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  state = mkdtempSync(join(tmpdir(), 'fcops-secrets-'));
  await Promise.all(
    hosts.hosts.map(async (host) => {
      await copyPieceInfo(host);
      await host.sh(`${plantingScript('p1')}\n${WORKER}`);
    }),
  );
  cluster = await writeCluster({
    ...hosts,
    artifacts,
    hosts: hosts.hosts.map((host) => ({ host, roles: ['p1'], profile: 'amd-7532' })),
    more: { variables: { environment: { RUST_LOG: 'info' } } },
  });
});

afterAll(async () => {
  await artifacts?.stop();
  await hosts?.stop();
  if (state !== undefined) rmSync(state, { recursive: true, force: true });
});

const hasOurs = (text: string): boolean => text.includes(TOKEN) || text.includes(artifacts.password);
const hasAny = (text: string): boolean => hasOurs(text) || hasPlant(text);

test('commands run from the first look to the last', { timeout: 300_000 }, async () => {
  const watching = setInterval(lookAtArguments, 20);
  try {
    await fcops('plan', 'p1');
    const planned = await fcops('plan', 'p1', '--full', '--start');
    await fcops('plan', 'p1', '--full', '--output', 'json');
    await fcops('facts', 'p1-50', '--output', 'json', '--save');
    await fcops('facts', 'p1-50');
    await fcops('preflight');
    // What was planted is what is planned about: nothing would be found where nobody looked.
    for (const text of [
      '-//srv/b /opt/hugepages/layer_labels cifs uid=******** 0 0',
      '-*/5 * * * * /usr/sbin/ntpdate old.pool; curl -u ******** http://y',
      '-GRUB_CMDLINE_LINUX_DEFAULT="quiet luks.key=********"',
      '-mysql -p******** lotus',
      '-export MINER_API_INFO=********:/ip4/192.168.10.9/tcp/2345/http',
      '-export RUST_LOG=trace',
      'the value of env F0494733_TOKEN differs',
      '127.0.1.1 old-name # password=******** -> ',
      '% P1-2',
    ])
      expect(planned.stdout).toContain(text);

    const onTerminal = ['plan', 'p1', '--full', '--inventory', cluster.inventory];
    keep(['plan on a terminal'], await startFcopsOnTerminal(onTerminal, settings()));

    const args = ['deploy', 'p1', '--yes', '--full', '-v', '--limit', 'p1-50'];
    const deploying = startFcops([...args, '--inventory', cluster.inventory], settings());
    deploying.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('p1-50: [2/')) deploying.kill('SIGINT');
    });
    const interrupted = await deploying;
    keep(args, interrupted);
    expect(interrupted.exitCode).toBe(130);
    await fcops('runs', 'show', 'last');
    const resumed = await fcops('resume', 'last', '-v', '--full');
    expect(resumed.exitCode, resumed.stdout + resumed.stderr).toBe(0);
    const json = await fcops('deploy', 'p1', '--yes', '--full', '-v', '--output', 'json');
    expect(json.exitCode).toBe(0);
    await fcops('runs');
    await fcops('runs', '--output', 'json');
    await fcops('runs', 'show', 'last');
    await fcops('runs', 'show', 'last', '--output', 'json');
    await fcops('plan', 'p1', '--full', '--detailed-exitcode');
  } finally {
    clearInterval(watching);
  }
});

test('nothing that was printed has a secret in it', () => {
  expect(printed.size).toBeGreaterThan(12);
  expect([...printed].filter(([, text]) => hasAny(text)).map(([args]) => args)).toEqual([]);
});

test('nothing that the controller keeps has a secret in it', () => {
  expect(filesWith(state, (text) => text.includes('fcops-host-plan/1')).length).toBeGreaterThan(1);
  expect(filesWith(state, hasAny)).toEqual([]);
  expect(filesWith(cluster.inventory, hasAny)).toEqual([]);
});

test('no process had a secret among its arguments', () => {
  expect([...argumentsSeen].some((text) => text.includes('deploy\0p1'))).toBe(true);
  expect([...argumentsSeen].filter(hasAny)).toEqual([]);
});

test('nobody but root can read one on a host, where it was not so before', async () => {
  for (const { root, sh } of hosts.hosts) {
    expect(readableFilesWith(root, hasOurs)).toEqual([]);
    // Others' own: the file system table was for all to read, and so is GRUB's configuration.
    expect(readableFilesWith(root, hasPlant).filter((path) => !path.startsWith('/boot/'))).toEqual([
      '/etc/fstab',
    ]);
    const copies = await sh(
      'cd /var/lib/fcops/runs && find . -path "*/replaced*" -type f -printf "%m %p\\n"',
    );
    const modes = new Map(
      copies
        .split('\n')
        .map((line) => [line.replace(/^\d+ \.\/[^/]+\/replaced/, ''), line.split(' ')[0] ?? '']),
    );
    for (const [path, [mode]] of Object.entries(FILES))
      if (modes.has(path))
        expect([path, Number.parseInt(modes.get(path) ?? '', 8) & ~Number.parseInt(mode, 8)]).toEqual([
          path,
          0,
        ]);
    expect(modes.get(SCRIPT)).toBe('700');
    expect(modes.get('-crontabs/root')).toBe('600');
    expect(await sh('stat -c %a /var/lib/fcops/runs /var/lib/fcops')).toBe('700\n700');
  }
});

test('what others had in shared files is there as it was', async () => {
  for (const { root, sh } of hosts.hosts) {
    expect(readFileSync(`${root}/etc/fstab`, 'utf8')).toContain(`password=${PLANTS.fstab} `);
    expect(readFileSync(`${root}/etc/default/grub`, 'utf8')).toContain(
      `"quiet luks.key=${PLANTS.kernel} default_hugepagesz=1G hugepagesz=1G" # ${PLANTS.grub}`,
    );
    expect(await sh('crontab -l')).toContain(`BACKUP_PASSWORD=${PLANTS.crontab}\n`);
  }
});

test('what is replaced is shown as it is where that is asked for, but for a file with a secret of ours', async () => {
  const [, host] = hosts.hosts;
  const [, text] = FILES[SCRIPT] ?? [];
  await host?.sh(
    `printf %s ${quote(text ?? '')} >${SCRIPT}; echo 'export MINER_API_INFO=${PLANTS.token}' >>${WORKERS}/profile`,
  );
  const shown = await run(
    ['plan', 'p1', '--full', '--show-replaced', '--inventory', cluster.inventory],
    settings(),
  );
  expect(shown.stdout).toContain(`-mysql -p${PLANTS.option} lotus`);
  expect(shown.stdout).toContain(`${WORKERS}/profile`);
  expect(shown.stdout).not.toContain(PLANTS.token);
});
