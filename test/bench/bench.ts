/**
 * What an operator waits for, as ratios: a deploy with nothing to do against plain ssh to the same hosts, and
 * the start of the program against node's own. Both sides of a ratio are measured in turn, in one go. With a number
 * of hosts (`npm run bench -- 500`) with as many of them.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { z } from 'zod';
import { type ArtifactServer, startArtifactServer } from '../support/artifact-server.ts';
import { MINER, VERSIONS, writeCluster } from '../support/cluster.ts';
import { type DelayingProxy, startDelayingProxy } from '../support/delaying-proxy.ts';
import { startHostsBehindSshd } from '../support/hosts-behind-sshd.ts';
import { copyPieceInfo, p1Machine } from '../support/machines.ts';
import type { ReachableHost, SimulatedHosts } from '../support/simulated-hosts.ts';

const fcops = fileURLToPath(new URL('../../dist/fcops.js', import.meta.url));
const probe = fileURLToPath(new URL('probe.mjs', import.meta.url));
const ROUNDS = 5;
const ROUND_TRIP_MS = 50;

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

/** Calls fcops for so many hosts; rejects where that fails. */
const called = (
  { directory, inventory, env }: Deploy,
  hosts: number,
  command: readonly string[],
  probing: Readonly<Record<string, string>> = {},
) => {
  const limit = Array.from({ length: hosts }, (_, index) => `p1-${index + 1}`).join(',');
  const argv = [...command, '--miner', MINER, '--inventory', inventory, '--limit', limit];
  return execa(fcops, argv, { env: { ...env, XDG_STATE_HOME: directory, ...probing }, stdin: 'ignore' });
};
const deployed = (
  deploy: Deploy,
  hosts: number,
  more: readonly string[] = [],
  probing: Readonly<Record<string, string>> = {},
) => called(deploy, hosts, ['deploy', 'p1', ...more], probing);

/** One deploy of so many hosts that finds nothing to do, under the probe; rejects where it does find something. */
const probed = async (deploy: Deploy, hosts: number) => {
  const report = join(deploy.directory, 'probe.json');
  await deployed(deploy, hosts, [], { NODE_OPTIONS: `--import ${probe}`, BENCH_PROBE: report });
  return probeSchema.parse(JSON.parse(await readFile(report, 'utf8')));
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

/** Cluster files of a host by way of the proxy, which listens on another port of its address. */
const farAway = async (
  hosts: SimulatedHosts<ReachableHost>,
  artifacts: ArtifactServer,
  host: ReachableHost,
): Promise<{ readonly proxy: DelayingProxy; readonly deploy: Deploy }> => {
  const proxy = await startDelayingProxy({
    address: host.address,
    port: host.port,
    roundTrip: ROUND_TRIP_MS,
  });
  const directory = join(hosts.directory, 'far');
  const knownHosts = join(hosts.directory, 'known_hosts-far');
  const keys = await readFile(hosts.knownHosts, 'utf8');
  await writeFile(knownHosts, keys.replaceAll(`]:${host.port} `, `]:${proxy.port} `));
  const far = { host: { ...host, port: proxy.port }, roles: ['p1'], profile: 'amd-7532' } as const;
  const cluster = await writeCluster({ ...hosts, directory, knownHosts, artifacts, hosts: [far] });
  return { proxy, deploy: { directory: hosts.directory, ...cluster } };
};

const overAFarLink = async (
  hosts: SimulatedHosts<ReachableHost>,
  artifacts: ArtifactServer,
  host: ReachableHost,
  near: Deploy,
): Promise<void> => {
  const { proxy, deploy } = await farAway(hosts, artifacts, host);
  const rounds = async (work: () => Promise<unknown>) => {
    const before = proxy.roundTrips();
    const took = await seconds(work);
    return { took, trips: proxy.roundTrips() - before };
  };
  const change = async (into: Deploy) => {
    await host.sh('rm /opt/lotusworker/worker-3p1/start_3p1.sh');
    return deployed(into, 1, ['--yes']);
  };
  try {
    console.log(`\nOne host over a link of ${ROUND_TRIP_MS} ms there and back`);
    const noOp = await rounds(() => deployed(deploy, 1));
    row('round trips of a run without changes', `${noOp.trips}`, 'at most 8');
    row(
      'its time, with that of the same host nearby',
      `${noOp.took.toFixed(2)} s`,
      `${(await seconds(() => deployed(near, 1))).toFixed(2)} s`,
    );
    const apply = await rounds(() => change(deploy));
    row('round trips of a run with one change', `${apply.trips}`, 'at most 14');
    row(
      'its time, with that of the same host nearby',
      `${apply.took.toFixed(2)} s`,
      `${(await seconds(() => change(near))).toFixed(2)} s`,
    );
  } finally {
    await proxy.stop();
  }
};

/** The ratio of a run without changes to bare ssh to the same hosts, both in turn. */
const against = async (
  deploy: Deploy,
  { hosts, privateKey, knownHosts }: SimulatedHosts<ReachableHost>,
  count: number,
  goal: string,
): Promise<void> => {
  const own: number[] = [];
  const ssh: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ssh.push(await seconds(() => plainSsh(hosts.slice(0, count), privateKey, knownHosts)));
    own.push(await seconds(() => deployed(deploy, count)));
  }
  const ratios = own.map((took, index) => took / (ssh[index] ?? Number.NaN));
  const times = `${median(own).toFixed(2)} s / ${median(ssh).toFixed(2)} s`;
  row(`${count} ${count === 1 ? 'host' : 'hosts'}: ${times}`, `${median(ratios).toFixed(2)} ×`, goal);
};

/** The ratio of what only looks to a deploy without changes, in turn. */
const besideDeploy = async (deploy: Deploy, count: number, command: readonly string[]): Promise<void> => {
  const own: number[] = [];
  const noOps: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    noOps.push(await seconds(() => deployed(deploy, count)));
    own.push(await seconds(() => called(deploy, count, command)));
  }
  const ratios = own.map((took, index) => took / (noOps[index] ?? Number.NaN));
  const times = `${median(own).toFixed(2)} s / ${median(noOps).toFixed(2)} s`;
  row(
    `fcops ${command.join(' ')}, ${count} hosts: ${times}`,
    `${median(ratios).toFixed(2)} ×`,
    'at most 1.2 ×',
  );
};

/** What the controller itself needs for so many hosts: medians of some runs. */
const controller = async (deploy: Deploy, count: number, runs: number) => {
  const seen: Awaited<ReturnType<typeof probed>>[] = [];
  for (let round = 0; round < runs; round++) seen.push(await probed(deploy, count));
  return (what: keyof (typeof seen)[number]) => median(seen.map((each) => each[what]));
};

const noOp = async (most: number): Promise<void> => {
  const hosts = await startHostsBehindSshd({
    hosts: Array.from({ length: most }, (_, index) => p1Machine(`p1-${index + 1}`)),
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
    console.log(`\nDeploying p1 to ${most} hosts once, so that there is nothing left to do …`);
    await deployed(deploy, most, ['--yes']);

    console.log(`\nNothing to do, against xargs -P50 ssh host true (medians of ${ROUNDS}, in turn)`);
    const goal = `at most ${process.version.startsWith('v20.') ? 1.8 : 1.5} ×`;
    await against(deploy, hosts, 1, goal);
    await against(deploy, hosts, 10, 'at most 0.9 ×');
    await against(deploy, hosts, 50, 'at most 0.75 ×');
    if (most >= 500) await against(deploy, hosts, 500, 'at most 0.7 ×');

    console.log(`\nA look, against a deploy with nothing to do (medians of ${ROUNDS}, in turn)`);
    await besideDeploy(deploy, 50, ['status']);

    const one = await controller(deploy, 1, ROUNDS);
    const fifty = await controller(deploy, 50, ROUNDS);
    const all = await controller(deploy, most, 1);
    const beyond = (all('cpuSeconds') - one('cpuSeconds')) / (most - 1);
    const growth = ((all('rssMib') - fifty('rssMib')) * 1024) / (most - 50);
    console.log('\nThe controller meanwhile');
    row('CPU a host of 50, start included', `${((fifty('cpuSeconds') / 50) * 1000).toFixed(1)} ms`, '');
    row(`CPU a host of ${most}, beyond the first`, `${(beyond * 1000).toFixed(1)} ms`, 'at most 12 ms');
    row('memory, 50 hosts', `${fifty('rssMib').toFixed(0)} MiB`, 'under 150 MiB');
    row(`memory a host, from 50 to ${most}`, `${growth.toFixed(0)} KiB`, '');
    row('longest stall of the event loop, 50 hosts', `${fifty('stallMs').toFixed(0)} ms`, '');
    row('most processor time in one turn of it', `${fifty('stallCpuMs').toFixed(0)} ms`, '');

    const [host] = hosts.hosts;
    if (host) await overAFarLink(hosts, artifacts, host, deploy);
  } finally {
    await artifacts.stop();
    await hosts.stop();
  }
};

await startUp();
await noOp(Number(process.argv[2] ?? 100));
