import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LotusCluster, startLotusCluster } from './support/lotus-cluster.ts';
import type { BootedHost } from './support/nspawn.ts';

/** A cluster whose processes systemd runs from the beginning: lotus, lotus-miner, APx and C2; one test after the other. */

let cluster: LotusCluster;
let miner: BootedHost;

beforeAll(async () => {
  cluster = await startLotusCluster({
    names: ['miner-9', 'c2-91', 'apx-92'],
    variables: { supervisor: 'systemd' },
  });
  miner = cluster.host('miner-9');
});
afterAll(() => cluster?.stop());

/** What fcops prints where it ends well. */
const well = async (...args: string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await cluster.fcops(...args);
  expect([exitCode, stderr], stdout).toEqual([0, '']);
  return stdout;
};
const states = () => miner.sh('systemctl is-active fcops-lotus fcops-lotus-miner || true');
const pidOf = (unit: string) => miner.sh(`systemctl show -p MainPID --value ${unit}`);
const ALL = {
  'f0494733-miner-10-198-77-9': 1,
  'f0494733-c2-10-198-77-91': 4,
  'f0494733-apx-10-198-77-92': 1,
};

it('is brought up with one command, and left alone by a second', async () => {
  expect(await well('deploy', 'all', '--start', '--yes')).toMatch(/^3 hosts: 3 changed, in /m);
  expect(await states()).toBe('active\nactive');
  expect(await cluster.registered()).toEqual(ALL);
  expect(await cluster.host('apx-92').sh('systemctl is-active fcops-apx')).toBe('active');
  expect(await well('deploy', 'all', '--start')).toMatch(/^3 hosts: 3 unchanged, in /m);
  expect(await miner.sh('ls /opt/raid0/lotus/logs /opt/raid0/lotusminer/logs 2>/dev/null || true')).toBe('');
  expect(await miner.sh('journalctl -u fcops-lotus -o cat --no-pager | wc -l')).not.toBe('0');
});

it('has a lotus that was killed back by itself, and start scripts that refuse beside it', async () => {
  const before = await pidOf('fcops-lotus');
  await miner.sh(`[[ ${before} -gt 1 ]] && kill -KILL ${before}`);
  await expect
    .poll(async () => [await pidOf('fcops-lotus'), await states()], { timeout: 60_000, interval: 1000 })
    .toEqual([expect.not.stringMatching(`^(0|${before})$`), expect.stringMatching(/^active/)]);
  const refused = await miner.sh('bash /opt/raid0/start_lotus.sh 2>&1; echo $?');
  expect(refused).toBe(
    'fcops-lotus.service runs lotus; nothing was started (systemctl status fcops-lotus.service)\n75',
  );
});

it('is stopped, workers first, and stays stopped; then it is started again', async () => {
  await well('start', 'miner', '--yes');
  await well('stop', 'all', '--yes', '--lose-tasks');
  expect(await miner.sh('sleep 12; systemctl is-active fcops-lotus fcops-lotus-miner || true')).toBe(
    'inactive\ninactive',
  );
  await well('start', 'all', '--yes');
  expect(await states()).toBe('active\nactive');
  expect(await cluster.registered()).toEqual(ALL);
});
