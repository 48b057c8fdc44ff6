/**
 * What a day with fcops looks like, on simulated hosts: plan, deploy, a second run that finds nothing to do, a file
 * edited by hand that is shown and repaired; then workers that are started, register at a miner, and one that dies, is
 * named, and is started again. Each command is the real one, over real SSH.
 */
import { appendFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { messageOf } from '../../src/core/problem.ts';
import { startArtifactServer } from '../support/artifact-server.ts';
import { type ClusterHost, MINER, VERSIONS, writeCluster } from '../support/cluster.ts';
import { LOTUS_PROGRAMS, publishLotus } from '../support/lotus/programs.ts';
import { runMiner, stopMiner } from '../support/lotus/running-miner.ts';
import { apxMachine, c2Machine, copyPieceInfo, minerMachine, p1Machine } from '../support/machines.ts';
import { startSimulatedHosts } from '../support/simulated-hosts.ts';

const fcops = fileURLToPath(new URL('../../dist/fcops.js', import.meta.url));
const startedAt = performance.now();
const bold = (text: string) => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text);

const say = (text: string) => console.log(`\n${bold(`── ${text}`)}\n`);

/** The version of the simulated programs, which register at the simulated miner. */
const LOTUS = '1.11.2-15d90c24e';

const ROLES: Readonly<Record<string, Pick<ClusterHost, 'roles' | 'profile' | 'more'>>> & {
  readonly p1: Pick<ClusterHost, 'roles' | 'profile'>;
} = {
  p1: { roles: ['p1'], profile: 'amd-7532' },
  c2: { roles: ['c2'], profile: 'intel-4216' },
  apx: { roles: ['apx'], profile: 'amd-7532' },
  miner: { roles: ['miner'], profile: 'amd-7532', more: { checks: 'off' } },
};

const demo = async (): Promise<void> => {
  say('Starting three P1 machines, one of C2, two of APx alone and a miner on this computer');
  const hosts = await startSimulatedHosts({
    hosts: [
      p1Machine('p1-50'),
      p1Machine('p1-51'),
      p1Machine('p1-52'),
      c2Machine('c2-10'),
      minerMachine('miner-1'),
      apxMachine('apx-5'),
      apxMachine('apx-6'),
    ],
  });
  const [first, , , , miner, ...apx] = hosts.hosts;
  const [, second] = apx;
  if (!first || !miner || !second) throw new Error('no hosts were started');
  const artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  try {
    // A miner that somebody has set up; what this shows are its workers.
    const minerRuns = runMiner(miner, MINER);
    minerRuns.catch(() => {});
    await Promise.all(hosts.hosts.map((host) => copyPieceInfo(host)));
    const sha256 = {
      ...artifacts.sha256,
      ...(await publishLotus(artifacts, LOTUS, LOTUS_PROGRAMS)),
    };
    const cluster = await writeCluster({
      ...hosts,
      artifacts: { ...artifacts, sha256 },
      more: {
        api: { from: 'miner' },
        versions: { ...VERSIONS, lotus: LOTUS, miner: LOTUS, apx: LOTUS },
        startRate: 60,
        // An address: nobody has to be there that knows names.
        variables: { ntpServer: '192.168.10.1' },
      },
      hosts: hosts.hosts.map((host) => ({ host, ...(ROLES[host.name.split('-')[0] ?? ''] ?? ROLES.p1) })),
    });
    const tried = async (...args: string[]): Promise<number | undefined> => {
      console.log(bold(`$ fcops ${args.join(' ')}`));
      const { exitCode } = await execa(process.execPath, [fcops, ...args, '--inventory', cluster.inventory], {
        // Its runs are no runs of yours.
        env: { ...cluster.env, XDG_STATE_HOME: hosts.directory },
        stdio: 'inherit',
        reject: false,
      });
      return exitCode;
    };
    const expectExit =
      (wanted: number) =>
      async (...args: string[]) => {
        const exitCode = await tried(...args);
        if (exitCode !== wanted)
          throw new Error(`fcops ${args.join(' ')} ended with ${exitCode}, not ${wanted}`);
      };
    const run = expectExit(0);
    const runToFail = expectExit(1);

    say('Every file and every host of the cluster is checked before anything connects');
    await run('inventory', 'check');
    say('The layout of a P1 machine: which task gets which cores and pages');
    await run('layout', 'amd-7532');
    await minerRuns;
    say('What would change? Nothing is touched');
    await run('plan', 'p1', '--miner', MINER);
    say('Make it so, on all three hosts at once');
    await run('deploy', 'p1', '--miner', MINER, '--yes');
    say('And the machines of C2, whose start scripts take the GPUs as they are listed, and of APx alone');
    await run('deploy', 'all', '--limit', 'c2,apx', '--miner', MINER, '--yes');
    say('The same again: nothing to do');
    await run('deploy', 'p1', '--miner', MINER);
    say(`Somebody edits a start script on ${first.name} …`);
    await appendFile(`${first.root}/opt/lotusworker/worker-3p1/start_3p1.sh`, 'export RUST_LOG=trace\n');
    await run('plan', 'p1', '--miner', MINER);
    say('… and the next deploy repairs it, and only that');
    await run('deploy', 'p1', '--miner', MINER, '--yes');
    say('Workers are started, at most so many a minute over all hosts: each registers at the miner');
    await run('start', 'apx', '--miner', MINER, '--yes');
    say('What runs, and what the miner says of it');
    await run('status', '--role', 'apx', '--miner', MINER);
    say(`The worker of ${second.name} is killed …`);
    await second.sh('kill -KILL $(pgrep -f -- "[-]-worker-repo /opt/lotusworker/worker-apx run")');
    say('… and named: what should run, and does not');
    await runToFail('verify', '--role', 'apx', '--miner', MINER);
    say('A start heals it, and leaves alone what runs');
    await run('start', 'apx', '--miner', MINER, '--yes');
    say('All is as it should be');
    await run('verify', '--role', 'apx', '--miner', MINER, '--wait', '20s', '--interval', '1');
  } finally {
    await stopMiner(miner).catch(() => {});
    await artifacts.stop();
    await hosts.stop();
  }
  say(
    `Done in ${((performance.now() - startedAt) / 1000).toFixed(0)} s. Nothing of this is left on this computer.`,
  );
};

try {
  await demo();
} catch (error) {
  console.error(`\nThe demo could not go on: ${messageOf(error)}`);
  process.exitCode = 1;
}
