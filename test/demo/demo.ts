/**
 * What a day with fcops looks like, on four simulated hosts: plan, deploy, a second run that finds nothing to
 * do, and a file edited by hand that is shown and repaired. Each command is the real one, over real SSH.
 */
import { appendFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { messageOf } from '../../src/core/problem.ts';
import { startArtifactServer } from '../support/artifact-server.ts';
import { MINER, VERSIONS, writeCluster } from '../support/cluster.ts';
import { c2Machine, copyPieceInfo, p1Machine } from '../support/machines.ts';
import { startSimulatedHosts } from '../support/simulated-hosts.ts';

const fcops = fileURLToPath(new URL('../../dist/fcops.js', import.meta.url));
const startedAt = performance.now();
const bold = (text: string) => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text);

const say = (text: string) => console.log(`\n${bold(`── ${text}`)}\n`);

const demo = async (): Promise<void> => {
  say('Starting three P1 machines and one C2 machine on this computer');
  const hosts = await startSimulatedHosts({
    hosts: [p1Machine('p1-50'), p1Machine('p1-51'), p1Machine('p1-52'), c2Machine('c2-10')],
  });
  const artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  try {
    const [first] = hosts.hosts;
    if (!first) throw new Error('no hosts were started');
    await Promise.all(hosts.hosts.map((host) => copyPieceInfo(host)));
    const cluster = await writeCluster({
      ...hosts,
      artifacts,
      hosts: hosts.hosts.map((host) =>
        host.name.startsWith('c2')
          ? { host, roles: ['c2'], profile: 'intel-4216' }
          : { host, roles: ['p1'], profile: 'amd-7532' },
      ),
    });
    const run = async (...args: string[]): Promise<void> => {
      console.log(bold(`$ fcops ${args.join(' ')}`));
      await execa(process.execPath, [fcops, ...args, '--inventory', cluster.inventory], {
        // Its runs are no runs of yours.
        env: { ...cluster.env, XDG_STATE_HOME: hosts.directory },
        stdio: 'inherit',
      });
    };

    say('Every file and every host of the cluster is checked before anything connects');
    await run('inventory', 'check');
    say('The layout of a P1 machine: which task gets which cores and pages');
    await run('layout', 'amd-7532');
    say('What would change? Nothing is touched');
    await run('plan', 'p1', '--miner', MINER);
    say('Make it so, on all three hosts at once');
    await run('deploy', 'p1', '--miner', MINER, '--yes');
    say('And the C2 machine: its start scripts take the GPUs as the machine lists them');
    await run('deploy', 'c2', '--miner', MINER, '--yes');
    say('The same again: nothing to do');
    await run('deploy', 'p1', '--miner', MINER);
    say(`Somebody edits a start script on ${first.name} …`);
    await appendFile(`${first.root}/opt/lotusworker/worker-3p1/start_3p1.sh`, 'export RUST_LOG=trace\n');
    await run('plan', 'p1', '--miner', MINER);
    say('… and the next deploy repairs it, and only that');
    await run('deploy', 'p1', '--miner', MINER, '--yes');
  } finally {
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
