/** @module-tag needs-namespaces */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run } from '../../support/fcops.ts';
import { minerMachine } from '../../support/machines.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';

/** A miner host that was begun by the handbook, taken over by fcops: one test after the other. */

const VERSION = '1.11.1-3079a405a';
let hosts: SimulatedHosts;
let host: SimulatedHost;
let artifacts: ArtifactServer;
let sha256: Record<string, string>;
let cluster: WrittenCluster;

const fcops = (...args: string[]) => run([...args, '--inventory', cluster.inventory], { env: cluster.env });
const read = (path: string) => readFileSync(`${host.root}${path}`, 'utf8');

/** An archive with a program that goes on under its own name with its arguments, as lotus does. */
const archiveOf = async (program: string): Promise<Buffer> => {
  const directory = mkdtempSync(join(tmpdir(), 'fcops-lotus-'));
  try {
    mkdirSync(join(directory, 'content'));
    const text = `#!/bin/bash\nexec -a ${program} tail "$1" -f /dev/null\n`;
    writeFileSync(join(directory, 'content', program), text, { mode: 0o755 });
    const archive = join(directory, 'archive.tar.gz');
    await execa('tar', ['-czf', archive, '--mtime=@1600000000', '-C', join(directory, 'content'), program]);
    return readFileSync(archive);
  } finally {
    rmSync(directory, { recursive: true });
  }
};

const inventoryWith = (more: object) =>
  writeCluster({
    ...hosts,
    artifacts: { ...artifacts, sha256 },
    hosts: [{ host, roles: ['miner'], profile: 'amd-7532' }],
    more: { versions: { lotus: VERSION, miner: VERSION }, ...more },
  });

const HANDBOOK = '*/4 * * * * /bin/bash /opt/raid0/lotusminer/cron_pledge.sh &>/dev/null';
const OTHERS = '0 1 * * * /root/backup.sh';

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [minerMachine('miner-1')] });
  const [first] = hosts.hosts;
  if (!first) throw new Error('a host was asked for');
  host = first;
  artifacts = await startArtifactServer({ versions: [] });
  sha256 = {};
  for (const program of ['lotus', 'lotus-miner']) {
    const name = `${program}-${VERSION}.tar.gz`;
    sha256[name] = artifacts.publish(name, await archiveOf(program));
  }
  await host.sh(
    `echo 'source /opt/raid0/profile' >>/etc/profile; echo 'source /opt/raid0/profile' >>/etc/profile
printf '%s\\n' '${OTHERS}' '${HANDBOOK}' | crontab -`,
  );
  cluster = await inventoryWith({ pledge: { packing: 14 } });
});

afterAll(async () => {
  await artifacts?.stop();
  await hosts?.stop();
});

const WAITS = /\/opt\/raid0\/lotus(miner)?\/config\.toml is not there yet: lotus/g;

describe('a miner host', () => {
  it('is planned, with what its repositories have to be there for', async () => {
    const { exitCode, stdout, stderr } = await fcops('plan', 'miner');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.match(WAITS)).toHaveLength(2);
    expect(stdout).toContain('/usr/local/bin/lotus-miner');
  });

  it('is deployed', async () => {
    const { exitCode, stdout, stderr } = await fcops('deploy', 'miner', '--yes');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('1 changed');
    expect(await host.sh('readlink -f /usr/local/bin/lotus /usr/local/bin/lotus-miner')).toBe(
      `/opt/raid0/versions/lotus/${VERSION}/lotus\n/opt/raid0/versions/lotus-miner/${VERSION}/lotus-miner`,
    );
    expect(existsSync(`${host.root}/opt/raid0/lotusminer`)).toBe(false);
    expect(read('/etc/profile')).not.toContain('raid0');
    const cron = (await host.sh('crontab -l')).split('\n');
    expect(cron).toContain(OTHERS);
    expect(cron).not.toContain(HANDBOOK);
    expect(cron).toContain('*/4 * * * * /bin/bash /opt/raid0/cron_pledge.sh >/dev/null 2>&1');
  });

  it('has its variables in a login of root, once', async () => {
    const said = await host.sh(
      `bash -lc 'echo "$LOTUS_PATH $RAYON_NUM_THREADS $BELLMAN_GPU_BUS_ID"' </dev/null`,
    );
    expect(said).toMatch(/^\/opt\/raid0\/lotus 128 \d+$/);
  });

  it('has nothing to change the second time', async () => {
    const { exitCode, stdout } = await fcops('deploy', 'miner');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('nothing to change');
    expect(stdout.match(WAITS)).toHaveLength(2);
    // That something is waited for is a warning.
    expect((await fcops('plan', 'miner', '--detailed-exitcode')).exitCode).toBe(8);
  });

  it('starts each program once', async () => {
    const start = (name: string) => host.sh(`bash /opt/raid0/start_${name}.sh 2>&1; echo $?`);
    expect(await start('lotus')).toBe('0');
    expect(await start('lotus')).toMatch(/^lotus runs already, as process \d+; nothing was started\n1$/);
    expect(await start('lotusminer')).toMatch(/is no repository yet: lotus-miner init makes it.*\n1$/);
    await host.sh('mkdir -p /opt/raid0/lotusminer/keystore');
    expect(await start('lotusminer')).toBe('0');
    expect(await start('lotusminer')).toMatch(/^lotus-miner runs already/);
  });

  it('gets its keys once its repositories are there, and all else in their files stays', async () => {
    const made =
      '# Default config:\n[API]\n#  ListenAddress = "/ip4/127.0.0.1/tcp/1234/http"\n#  Timeout = "30s"\n#\n[Client]\n  UseIpfs = false # ours\n';
    await host.sh(`mkdir -p /opt/raid0/lotus/keystore; printf '%s' '${made}' >/opt/raid0/lotus/config.toml
printf '[Fees]\\n  MaxCommitGasFee = "9 FIL"\\n[Addresses]\\n  PreCommitControl = ["f01"]\\n' >/opt/raid0/lotusminer/config.toml`);
    // A start and a change are told apart by whole seconds.
    await host.sh('sleep 2');
    const plan = await fcops('plan', 'miner', '--full');
    expect(plan.stdout).toContain(`+  ListenAddress = "/ip4/${host.address}/tcp/1234/http"`);
    expect(plan.stdout).toContain('-  MaxCommitGasFee = "9 FIL"');
    expect(plan.stdout).not.toContain('PreCommitControl');
    expect(plan.stdout.match(/^ *@@.*@@$/gm)).toHaveLength(5);
    expect((await fcops('deploy', 'miner', '--yes')).exitCode).toBe(0);
    const text = read('/opt/raid0/lotus/config.toml');
    const own = [
      `  ListenAddress = "/ip4/${host.address}/tcp/1234/http"\n`,
      '[Backup]\n  DisableMetadataLog = true\n',
    ];
    for (const line of own) expect(text).toContain(line);
    expect(own.reduce((left, line) => left.replace(line, ''), text)).toBe(made);
    expect(read('/opt/raid0/lotusminer/config.toml')).toMatch(
      /^\[Fees\]\n {2}MaxCommitGasFee = "0\.05 FIL"\n[\s\S]*\[Addresses\]\n {2}PreCommitControl = \["f01"\]\n/,
    );
    const again = await fcops('plan', 'miner', '--detailed-exitcode');
    // They run since before: that is owed, and not changed.
    expect([again.exitCode, again.stdout.match(WAITS)]).toEqual([4, null]);
    expect(again.stdout).toContain('/opt/raid0/lotus/config.toml is newer than it');
  });

  it('ends pledging where the inventory wants none any more', async () => {
    cluster = await inventoryWith({});
    expect((await fcops('deploy', 'miner', '--yes')).exitCode).toBe(0);
    expect(await host.sh('crontab -l')).not.toContain('cron_pledge');
    expect(await host.sh('crontab -l')).toContain(OTHERS);
    expect((await fcops('plan', 'miner')).stdout).toContain('nothing to change');
  });

  it('is rendered without any host', async () => {
    const out = join(hosts.directory, 'rendered');
    const { exitCode, stderr } = await fcops('render', 'miner', '--out', out);
    // How many CPUs and which GPUs the machine has is not known here.
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('facts miner-1 --save')]);
  });
});
