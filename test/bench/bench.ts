/**
 * What an operator waits for, as ratios: a deploy with nothing to do against plain ssh to the same hosts, and
 * the start of the program against node's own. Both sides of a ratio are measured in turn, in one go.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { z } from 'zod';
import { startArtifactServer } from '../support/artifact-server.ts';
import { MINER, VERSIONS, writeCluster } from '../support/cluster.ts';
import { startHostsBehindSshd } from '../support/hosts-behind-sshd.ts';
import { copyPieceInfo, p1Machine } from '../support/machines.ts';
import type { ReachableHost } from '../support/simulated-hosts.ts';

const fcops = fileURLToPath(new URL('../../dist/fcops.js', import.meta.url));
const probe = fileURLToPath(new URL('probe.mjs', import.meta.url));
const ROUNDS = 5;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
};

const row = (name: string, value: string, target: string) =>
  console.log(`  ${name.padEnd(52)} ${value.padStart(10)}   ${target}`);

const startUp = async (): Promise<void> => {
  const own: number[] = [];
  const node: number[] = [];
  for (let round = 0; round < 15; round++) {
    node.push(await seconds(() => execa(process.execPath, ['-e', '0'])));
    own.push(await seconds(() => execa(fcops, ['--version'])));
  }
  console.log(`\nStart (medians of ${node.length})`);
  row('node -e 0', `${(median(node) * 1000).toFixed(0)} ms`, '');
  row('fcops --version', `${(median(own) * 1000).toFixed(0)} ms`, '');
  row('ratio', `${(median(own) / median(node)).toFixed(2)} ×`, 'at most 1.6 ×');
};

const probeSchema = z.object({
  cpuSeconds: z.number(),
  rssMib: z.number(),
  stallMs: z.number(),
  stallCpuMs: z.number(),
});

interface Deploy {
  readonly directory: string;
  readonly inventory: string;
  readonly env: Readonly<Record<string, string>>;
}

/** One deploy of so many hosts that finds nothing to do; rejects where it does find something. */
const deployNothing = async ({ directory, inventory, env }: Deploy, hosts: number) => {
  const report = join(directory, 'probe.json');
  const limit = Array.from({ length: hosts }, (_, index) => `p1-${index + 1}`).join(',');
  const argv = ['deploy', 'p1', '--miner', MINER, '--inventory', inventory, '--limit', limit];
  const took = await seconds(() =>
    execa(fcops, argv, {
      env: { ...env, NODE_OPTIONS: `--import ${probe}`, BENCH_PROBE: report },
      stdin: 'ignore',
    }),
  );
  return { took, ...probeSchema.parse(JSON.parse(await readFile(report, 'utf8'))) };
};

/** `ssh host true` for every host, all at once. */
const plainSsh = async (hosts: readonly ReachableHost[], privateKey: string, knownHosts: string) => {
  const [first] = hosts;
  const options = ['-F', 'none', '-i', privateKey, '-p', `${first?.port ?? 22}`, '-l', 'root'];
  const checks = ['-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'BatchMode=yes'];
  await execa('xargs', ['-P50', '-I{}', 'ssh', ...options, ...checks, '{}', 'true'], {
    input: hosts.map(({ address }) => address).join('\n'),
  });
};

const noOp = async (): Promise<void> => {
  const MOST = 100;
  const hosts = await startHostsBehindSshd({
    hosts: Array.from({ length: MOST }, (_, index) => p1Machine(`p1-${index + 1}`)),
  });
  const artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  try {
    await Promise.all(hosts.hosts.map((host) => copyPieceInfo(host)));
    const cluster = await writeCluster({
      ...hosts,
      artifacts,
      hosts: hosts.hosts.map((host) => ({ host, roles: ['p1'], profile: 'amd-7532' })),
    });
    const deploy = { directory: hosts.directory, ...cluster };
    console.log(`\nDeploying p1 to ${MOST} hosts once, so that there is nothing left to do …`);
    await execa(fcops, ['deploy', 'p1', '--inventory', cluster.inventory, '--yes'], {
      env: cluster.env,
      stdin: 'ignore',
    });

    const fifty = hosts.hosts.slice(0, 50);
    const own: Awaited<ReturnType<typeof deployNothing>>[] = [];
    const ssh: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ssh.push(await seconds(() => plainSsh(fifty, hosts.privateKey, hosts.knownHosts)));
      own.push(await deployNothing(deploy, 50));
    }
    const hundred = await deployNothing(deploy, MOST);
    const one = await deployNothing(deploy, 1);
    const cpu = median(own.map(({ cpuSeconds }) => cpuSeconds));
    const rss = median(own.map(({ rssMib }) => rssMib));
    const stall = median(own.map(({ stallMs }) => stallMs));
    const stallCpu = median(own.map(({ stallCpuMs }) => stallCpuMs));

    console.log(`\nNothing to do on 50 hosts behind one sshd (medians of ${ROUNDS}, in turn)`);
    row('xargs -P50 ssh host true', `${median(ssh).toFixed(2)} s`, '');
    row('fcops deploy p1', `${median(own.map(({ took }) => took)).toFixed(2)} s`, '');
    const ratios = own.map(({ took }, index) => took / (ssh[index] ?? Number.NaN));
    row('ratio', `${median(ratios).toFixed(2)} ×`, 'at most 0.8 ×');
    row('controller CPU a host, start included', `${((cpu / 50) * 1000).toFixed(1)} ms`, 'at most 12 ms');
    row(
      'controller CPU a host, beyond the first',
      `${(((cpu - one.cpuSeconds) / 49) * 1000).toFixed(1)} ms`,
      '',
    );
    row('memory', `${rss.toFixed(0)} MiB`, 'under 150 MB');
    row(
      'memory a host, from 50 to 100',
      `${(((hundred.rssMib - rss) * 1024) / 50).toFixed(0)} KiB`,
      'under 100 KB',
    );
    row('longest stall of the event loop', `${stall.toFixed(0)} ms`, 'under 100 ms');
    row('most processor time in one turn of it', `${stallCpu.toFixed(0)} ms`, '');
  } finally {
    await artifacts.stop();
    await hosts.stop();
  }
};

await startUp();
await noOp();
