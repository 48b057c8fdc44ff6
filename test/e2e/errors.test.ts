import { cp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { archiveName } from '../support/artifact-server.ts';
import { VERSIONS, type WrittenCluster } from '../support/cluster.ts';
import { makeKey } from '../support/host-set.ts';
import { BRIDGE, BRIDGE_ADDRESS } from './support/bridge.ts';
import { leftovers, stateOf } from './support/host-state.ts';
import type { BootedHost } from './support/nspawn.ts';
import { type ClusterChange, type Scene, startScene } from './support/scene.ts';

/**
 * What goes wrong for operators, each on a host that was deployed before and has something to change: one clear
 * error that says what, where, why and what to do next, exit code 1, and nothing on the host is touched.
 */

const NEWER = { p1: VERSIONS.p1, c2: '1.11.2-7a967ae03-intel' };
const ARCHIVE = archiveName(NEWER.c2);

let scene: Scene;
let host: BootedHost;
let before: string[];

beforeAll(async () => {
  scene = await startScene([{ role: 'c2', number: 10 }]);
  host = scene.host('c2-10');
  const { exitCode, stdout } = await scene.fcops(['deploy', 'c2', '--yes']);
  expect(exitCode, stdout).toBe(0);
});
afterAll(() => scene?.stop());
beforeEach(async () => {
  before = await stateOf(host);
});
afterEach(() => scene.artifacts.fail(ARCHIVE, undefined));

/** What a deploy with another cluster file says; it fails, and leaves the host as it is. */
const failing = async (
  change: Omit<ClusterChange, 'directory'>,
  env: Record<string, string> = {},
): Promise<string> => {
  const cluster = await scene.write({ directory: 'failing', ...change });
  return failingWith({ ...cluster, env: { ...cluster.env, ...env } });
};
const failingWith = async (cluster: WrittenCluster, ...more: string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await scene.fcops(['deploy', 'c2', '--yes', ...more], cluster);
  expect(exitCode, stdout).toBe(1);
  expect(await stateOf(host)).toEqual(before);
  expect(await leftovers(host)).toBe('');
  // The end of the run, or the error before it.
  return stdout.slice(Math.max(0, stdout.search(/^(FAILED|UNREACHABLE|BLOCKED) /m))) + stderr;
};
const withNewWorker = (cluster: Readonly<Record<string, unknown>> = {}) => ({
  cluster: { versions: NEWER, ...cluster },
});

describe('a host', () => {
  it('whose key is another one is refused loudly', async () => {
    const knownHosts = `${scene.hosts.directory}/wrong_hosts`;
    await writeFile(knownHosts, `${host.address} ${makeKey().public}\n`);
    const said = await failing({ ...withNewWorker(), knownHosts });
    expect(said).toMatch(
      /^UNREACHABLE c2-10\n {2}THE HOST KEY OF 10\.198\.77\.10 HAS CHANGED; nothing was sent to it\n/,
    );
    expect(said).toMatch(
      /why: {2}it presents ssh-ed25519 SHA256:\S{43}; recorded: ssh-ed25519 SHA256:\S{43} \(\S+wrong_hosts:1\)\. Someone may be in the middle, or the host was reinstalled/,
    );
    expect(said).toMatch(
      /next: if it was reinstalled: ssh-keygen -R 10\.198\.77\.10 -f \S+wrong_hosts; fcops trust c2-10 --inventory \S+\n/,
    );
  });

  it('whose key is not known is refused with the command that records it, and is reached after that', async () => {
    const knownHosts = `${scene.hosts.directory}/no_hosts`;
    await writeFile(knownHosts, '');
    const said = await failing({ ...withNewWorker(), knownHosts });
    expect(said).toMatch(/^UNREACHABLE c2-10\n {2}the host key of 10\.198\.77\.10 is not known\n/);
    expect(said).toMatch(/why: {2}it presents ssh-ed25519 SHA256:\S+, and \S+no_hosts has no key for it\n/);
    expect(said).toContain(
      "next: compare the fingerprint with the host's own, then: fcops trust c2-10 --inventory ",
    );
    const cluster = await scene.write({ directory: 'failing', knownHosts });
    const trust = await scene.fcops(['trust', 'c2-10', '--yes'], cluster);
    expect([trust.exitCode, trust.stderr]).toEqual([0, '']);
    expect(await readFile(knownHosts, 'utf8')).toBe(await readFile(scene.hosts.knownHosts, 'utf8'));
    const plan = await scene.fcops(['plan', 'c2', '--detailed-exitcode'], cluster);
    expect([plan.exitCode, plan.stderr]).toEqual([0, '']);
  });

  it('that is given a wrong password, or a wrong key, denies the login', async () => {
    const { knownHosts, directory } = scene.hosts;
    const ssh = { user: 'root', knownHosts, password: { env: 'HOST_PASSWORD' } };
    const said = await failing({ cluster: { ssh } }, { HOST_PASSWORD: 'Wrong-Horse-7' });
    expect(said).toMatch(/^UNREACHABLE c2-10\n {2}login as root was denied\n/);
    expect(said).toContain(
      'why:  tried: password (env HOST_PASSWORD); the server accepts: publickey, password\n',
    );
    expect(said).toContain('next: check the user and the password by hand: ssh root@10.198.77.10\n');
    expect(said).not.toContain('Wrong-Horse');
    await writeFile(`${directory}/other_key`, makeKey().private, { mode: 0o600 });
    const key = await failing({
      cluster: { ssh: { user: 'root', knownHosts, privateKey: `${directory}/other_key` } },
    });
    expect(key).toMatch(
      /^UNREACHABLE c2-10\n {2}login as root was denied\n {2} {2}why: {2}tried: key \S+other_key/,
    );
    expect(key).toContain('next: put the public key on the host: ssh-copy-id root@10.198.77.10\n');
  });

  it('where nothing listens, and one that is not there, are told apart', async () => {
    const refused = await failing({ addresses: { 'c2-10': { port: 9 } } });
    expect(refused).toMatch(/^UNREACHABLE c2-10\n {2}10\.198\.77\.10 port 9 refused the connection\n/);
    expect(refused).toContain('next: start sshd on the host, or correct ssh.port in the inventory\n');
    const away = await failing({ addresses: { 'c2-10': { address: '10.198.77.250' } } });
    expect(away).toMatch(/^UNREACHABLE c2-10\n {2}10\.198\.77\.250 cannot be reached\n/);
    expect(away).toContain(
      'next: check that the machine is on and in the same network: ping 10.198.77.250\n',
    );
  });

  it('that does not answer is given up in time', async () => {
    // Packets to this address go nowhere.
    const neighbour = ['10.198.77.251', 'lladdr', '02:00:00:00:00:01', 'dev', BRIDGE, 'nud', 'permanent'];
    await execa('ip', ['neigh', 'replace', ...neighbour]);
    const { privateKey, knownHosts } = scene.hosts;
    const ssh = { user: 'root', privateKey, knownHosts, connectTimeout: 2 };
    const said = await failing({ cluster: { ssh }, addresses: { 'c2-10': { address: '10.198.77.251' } } });
    await execa('ip', ['neigh', 'del', '10.198.77.251', 'dev', BRIDGE]);
    expect(said).toMatch(/^UNREACHABLE c2-10\n {2}10\.198\.77\.251 did not answer within 2 s\n/);
    expect(said).toContain(
      'why:  the machine is off, the address is wrong, or a firewall drops the packets\n',
    );
  });
});

describe('a disk that is full', () => {
  const full = async (
    directory: string,
    room: number,
    change: Parameters<typeof failing>[0],
  ): Promise<string> => {
    // A copy of the directory on a disk with some bytes left.
    await host.sh(`
      mkdir -p /run/copy && cp -a ${directory}/. /run/copy
      mount -t tmpfs -o size=2M,mode=755 tmpfs ${directory}
      cp -a /run/copy/. ${directory}; rm -rf /run/copy
      head -c 3000000 /dev/zero >${directory}/full 2>/dev/null || truncate -s -${room} ${directory}/full`);
    before = await stateOf(host);
    try {
      return await failing(change);
    } finally {
      await host.sh(`umount ${directory}`);
    }
  };

  it('below /opt: the new version is not installed, the old one stays', async () => {
    const said = await full('/opt/lotusworker', 0, withNewWorker());
    expect(said).toMatch(/^FAILED c2-10, task "lotus-worker"\n {2}archive:\S+ failed \(status 1\)\n/);
    expect(said).toContain('the disk of /opt/lotusworker/versions');
    expect(said).toContain(`/opt/lotusworker/versions/c2/${NEWER.c2} is as it was`);
    expect(await host.sh('/opt/lotus-worker --version')).toContain('39c692f52');
  });

  it('below /etc: the file stays whole', async () => {
    const said = await full('/etc/sysctl.d', 0, {
      cluster: { variables: { sysctl: { 'vm.swappiness': '1' } } },
    });
    expect(said).toMatch(
      /^FAILED c2-10, task "kernel settings"\n {2}file:\/etc\/sysctl\.d\/99-zz-fcops\.conf failed \(status 1\)\n/,
    );
    expect(said).toContain('No space left on device');
    expect(said).toContain('/etc/sysctl.d/99-zz-fcops.conf could not be written; it is as it was');
    expect(said).toContain('the cause and run again: what was done stays, and only what is missing is done');
  });

  it('where runs are kept: nothing is begun', async () => {
    const said = await full('/var/lib/fcops', 0, withNewWorker());
    expect(said).toMatch(
      /^FAILED c2-10\n {2}the disk that \/var\/lib\/fcops is on is full; nothing was done\n/,
    );
    expect(said).toContain('make room');
  });
});

describe('a package that is not there', () => {
  it('is named, and no other is installed', async () => {
    await host.sh('apt-get -qq -y remove tree >/dev/null 2>&1');
    before = await stateOf(host);
    const said = await failing({ cluster: { variables: { packages: ['tree', 'no-such-package'] } } });
    expect(said).toMatch(/^FAILED c2-10, task "packages"\n/);
    expect(said).toContain('packages: no source of /etc/apt has the package no-such-package\n');
    expect((await scene.fcops(['deploy', 'c2', '--yes'])).exitCode).toBe(0);
  });
});

describe('a download', () => {
  const archiveFails = async (change: Omit<ClusterChange, 'directory'>, env?: Record<string, string>) => {
    const said = await failing(change, env);
    expect(said).toMatch(/^FAILED c2-10, task "lotus-worker"\n {2}archive:\S+ failed \(status 1\)\n/);
    expect(said).toContain('the cause and run again');
    expect(said).not.toContain(scene.artifacts.password);
    return said;
  };
  const url = () => `${scene.artifacts.url}/${ARCHIVE}`;

  it('with another checksum is not installed', async () => {
    const wanted = 'ab'.repeat(32);
    const sha256 = { ...scene.artifacts.sha256, [ARCHIVE]: wanted };
    const said = await archiveFails({ ...withNewWorker(), artifacts: { sha256 } });
    expect(said).toContain(
      `the file at ${url()} is not the one of the inventory: its sha256 is ${scene.artifacts.sha256[ARCHIVE]}, wanted is ${wanted}`,
    );
  });

  it.each([
    ['missing', 'the server has no such file (404): see artifacts.url and versions in the inventory'],
    ['server-error', 'the server answers with an error (500)'],
    ['truncated', 'the connection broke off; run again'],
  ] as const)('%s: it says so', async (fault, text) => {
    scene.artifacts.fail(ARCHIVE, fault);
    expect(await archiveFails(withNewWorker())).toContain(`${url()}: ${text}`);
  });

  it('with a wrong password says where it stands', async () => {
    const said = await archiveFails(withNewWorker(), { ARTIFACTS_PASSWORD: 'wrong-password' });
    expect(said).toContain(
      `${url()}: the server refuses the user and password (401): see artifacts.user and artifacts.password in the inventory`,
    );
  });

  it('from a server that is down says so', async () => {
    // A port that nobody has.
    const port = await new Promise<number>((resolve) => {
      const server = createServer().listen(0, BRIDGE_ADDRESS, () => {
        const address = server.address();
        server.close(() => resolve(address && typeof address === 'object' ? address.port : 9));
      });
    });
    const said = await archiveFails({
      ...withNewWorker(),
      artifacts: { url: `http://${BRIDGE_ADDRESS}:${port}/x` },
    });
    expect(said).toContain(
      `http://${BRIDGE_ADDRESS}:${port}/x/${ARCHIVE}: this host cannot connect to the server; is it up, and the port right?`,
    );
  });

  it('that comes at last is installed, and the version before is kept', async () => {
    const cluster = await scene.write({ directory: 'newer', ...withNewWorker() });
    expect((await scene.fcops(['deploy', 'c2', '--yes'], cluster)).exitCode).toBe(0);
    expect(await host.sh('/opt/lotus-worker --version; ls /opt/lotusworker/versions/c2')).toBe(
      `lotus-worker version 1.11.2+mainnet+git.7a967ae03\n${VERSIONS.c2}\n${NEWER.c2}`,
    );
    expect((await scene.fcops(['plan', 'c2', '--detailed-exitcode'], cluster)).exitCode).toBe(0);
    // And back.
    expect((await scene.fcops(['deploy', 'c2', '--yes'])).exitCode).toBe(0);
    expect(await host.sh('/opt/lotus-worker --version')).toBe(
      'lotus-worker version 1.11.1+mainnet+git.39c692f52',
    );
  });
});

describe('before anything connects', () => {
  it('a file that is no YAML is shown at its place', async () => {
    const cluster = await scene.write({ directory: 'yaml' });
    const text = await readFile(cluster.file, 'utf8');
    await writeFile(cluster.file, text.replace('sectorSize: 64GiB', 'sectorSize: [64GiB'));
    const said = await failingWith(cluster);
    expect(said).toMatch(/^error: \S+f0494733\.yaml:\d+:\d+: /);
    expect(said.match(/^error: /gm)).toHaveLength(1);
  });

  it('all mistakes of a file are shown at once, each with what was meant', async () => {
    const cluster = await scene.write({
      directory: 'mistakes',
      cluster: { sectorSize: '46GiB' },
      host: { rolls: ['c2'] },
    });
    const said = await failingWith(cluster);
    expect(said).toMatch(/error: \S+:2:13: `sectorSize` cannot be "46GiB"/);
    expect(said).toContain('did you mean "64GiB"?');
    expect(said).toContain('did you mean "roles"?');
    expect(said).toMatch(/\n2 errors\n$/);
  });

  it('a variable that a template asks for in vain is named with the template', async () => {
    const templates = `${scene.hosts.directory}/templates`;
    await cp(new URL('../../templates', import.meta.url), templates, { recursive: true });
    const file = `${templates}/c2/start_c2.sh.hbs`;
    await writeFile(file, `${await readFile(file, 'utf8')}echo {{wrokers}}\n`);
    const said = await failingWith(scene.cluster, '--templates', templates);
    expect(said).toMatch(/^error: \S*c2\/start_c2\.sh\.hbs\S*: /);
    expect(said).toContain('wrokers');
    expect(said.match(/^error: /gm)).toHaveLength(1);
  });

  it('a secret that is nowhere is named', async () => {
    const said = await failingWith({
      ...scene.cluster,
      env: { ARTIFACTS_PASSWORD: scene.artifacts.password },
    });
    expect(said).toMatch(/^error: /);
    expect(said).toContain('F0494733_TOKEN');
    expect(said.match(/^error: /gm)).toHaveLength(1);
  });
});
