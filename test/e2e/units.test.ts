import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planDocumentSchema } from '../../src/cli/views/plan-document.ts';
import { statusDocumentSchema } from '../../src/cli/views/status-document.ts';
import { verifyDocumentSchema } from '../../src/cli/views/verify-document.ts';
import type { WrittenCluster } from '../support/cluster.ts';
import type { BootedHost } from './support/nspawn.ts';
import { type Scene, startScene } from './support/scene.ts';

/** A P1 host whose processes go from their start scripts to systemd, and back, and a C2 host; one test after the other. */

let scene: Scene;
let host: BootedHost;
let systemd: WrittenCluster;

beforeAll(async () => {
  scene = await startScene([
    { role: 'p1', number: 50 },
    { role: 'c2', number: 10 },
  ]);
  host = scene.host('p1-50');
  systemd = await scene.write({
    directory: 'systemd',
    cluster: { variables: { startPause: 0, supervisor: 'systemd' } },
  });
});
afterAll(() => scene?.stop());

const nohup = () => scene.cluster;
const fcops = (inventory: WrittenCluster, ...args: string[]) => scene.fcops(args, inventory);
const sh = (script: string) => host.sh(script);

/** Number, repository and unit of each worker, in the order of their names; `-`: in no unit of fcops. */
const RUNNING = `for pid in $(pgrep -f -- '--worker-repo /opt/lotusworker/worker-[^ ]* run'); do
  [[ $(</proc/$pid/comm) != perl ]] || continue
  unit=$(grep -o 'fcops-[^/]*service' /proc/$pid/cgroup | head -n 1)
  name=$(tr '\\0' '\\n' </proc/$pid/cmdline | grep -o '/worker-[a-z0-9]*$' | tail -n 1)
  echo "\${name#/} \${unit:--}"
done | sort -V`;
const byUnits = [
  ...Array.from({ length: 14 }, (_, index) => `worker-${index + 1}p1 fcops-p1@${index + 1}.service`),
  'worker-apx fcops-apx.service',
  'worker-p2 fcops-p2.service',
];
const byScripts = byUnits.map((line) => line.replace(/ .*/, ' -'));
const running = async () => (await sh(RUNNING)).split('\n').filter(Boolean).toSorted();
const restartsIn = async (inventory: WrittenCluster) => {
  const { stdout } = await fcops(inventory, 'plan', 'p1', '--output', 'json');
  const { hosts } = planDocumentSchema.parse(JSON.parse(stdout));
  return hosts.flatMap(({ items }) =>
    items.flatMap((item) => (item.state === 'restart' ? [[item.process, item.reasons] as const] : [])),
  );
};

describe('a host whose start scripts have started all', () => {
  it('is told what a move to systemd stops, and keeps running', async () => {
    expect((await fcops(nohup(), 'deploy', 'p1', '--yes')).exitCode).toBe(0);
    await host.reboot();
    expect((await fcops(nohup(), 'deploy', 'p1', '--start', '--no-preflight', '--yes')).exitCode).toBe(0);
    expect(await running()).toEqual(byScripts.toSorted());
    const deployed = await fcops(systemd, 'deploy', 'p1', '--yes');
    expect([deployed.exitCode, deployed.stderr]).toEqual([0, '']);
    expect(await running()).toEqual(byScripts.toSorted());
    const owed = await restartsIn(systemd);
    expect(owed).toHaveLength(16);
    for (const [name, reasons] of owed)
      expect([name, reasons]).toEqual([
        name,
        [expect.stringMatching(/^its start script has started it, and fcops-.*\.service is to run it$/)],
      ]);
    const again = await fcops(systemd, 'plan', 'p1');
    expect(again.stdout).toContain('Plan: nothing to change on 1 host');
    expect(await sh('systemctl is-enabled fcops-p2.service || true')).toBe('static');
  });

  it('is moved by a restart, which refuses what may cost tasks', async () => {
    const refused = await fcops(systemd, 'restart', 'p1', '--no-preflight', '--yes');
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout + refused.stderr).toContain('--lose-tasks');
    expect(await running()).toEqual(byScripts.toSorted());
    const moved = await fcops(systemd, 'restart', 'p1', '--no-preflight', '--yes', '--lose-tasks');
    expect([moved.exitCode, moved.stderr]).toEqual([0, '']);
    expect(await running()).toEqual(byUnits.toSorted());
    expect(await restartsIn(systemd)).toEqual([]);
  });
});

describe('a host whose units run all', () => {
  it('has processes with the environment, limits and journal that they shall have', async () => {
    const shown = await sh(`
      pid=$(systemctl show -p MainPID --value fcops-p1@3.service)
      grep -E '^(CPU_LIST|FIL_PROOFS_NUMA_NODE|TMPDIR|HOME)=' <(tr '\\0' '\\n' </proc/$pid/environ) | sort
      systemctl show -p LimitNOFILE -p TasksMax fcops-p1@3.service | sort
      journalctl -u fcops-p1@3.service -o cat --no-pager | grep -c 'Worker registered successfully'`);
    expect(shown).toBe(
      'CPU_LIST=8,9\nFIL_PROOFS_NUMA_NODE=1\nHOME=/root\nTMPDIR=/opt/raid0/\nLimitNOFILE=10000000\nTasksMax=infinity\n1',
    );
  });

  it('is left as it is by a second run', async () => {
    const before = await sh(RUNNING);
    const { exitCode, stdout } = await fcops(systemd, 'deploy', 'p1', '--start', '--no-preflight', '--yes');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('p1-50: nothing to change');
    expect(await sh(RUNNING)).toBe(before);
  });

  it('starts a killed process again, by itself', async () => {
    await sh(`mkdir -p /run/systemd/system/fcops-p1@.service.d
      printf '[Service]\\nRestartSec=1\\n' >/run/systemd/system/fcops-p1@.service.d/soon.conf
      systemctl daemon-reload`);
    const shown = await sh(`
      before=$(systemctl show -p MainPID --value fcops-p1@3.service)
      [[ $before -gt 1 ]] && kill -KILL "$before"
      for _ in {1..50}; do
        now=$(systemctl show -p MainPID --value fcops-p1@3.service)
        [[ $now == 0 || $now == "$before" ]] || break
        sleep 0.2
      done
      sleep 1
      [[ $now != "$before" ]] && systemctl is-active fcops-p1@3.service`);
    expect(shown).toBe('active');
    expect(await running()).toEqual(byUnits.toSorted());
  });

  it('refuses a start script that is typed by hand', async () => {
    const said = await sh(
      'bash /opt/lotusworker/worker-3p1/start_3p1.sh 2>&1; echo $?; bash /opt/lotusworker/start_p1.sh 2>&1; echo $?',
    );
    expect(said).toBe(
      `fcops-p1@3.service runs P1-3; nothing was started (systemctl status fcops-p1@3.service)
75
fcops-p1@1.service runs P1-1; nothing was done (to end them all: systemctl stop 'fcops-p1@*')
75`,
    );
    expect(await running()).toEqual(byUnits.toSorted());
  });

  it('keeps stopped what fcops stops, also what systemd was about to start again', async () => {
    const stopped = await fcops(systemd, 'stop', 'p1', '--process', 'P1-3', '--yes', '--lose-tasks');
    expect([stopped.exitCode, stopped.stderr]).toEqual([0, '']);
    expect(await sh('sleep 3; systemctl is-active fcops-p1@3.service || true')).toBe('inactive');
    expect(await running()).toEqual(byUnits.filter((line) => !line.includes('@3')).toSorted());
    const waiting = await sh(`
      rm /run/systemd/system/fcops-p1@.service.d/soon.conf; systemctl daemon-reload
      pid=$(systemctl show -p MainPID --value fcops-p1@4.service)
      [[ $pid -gt 1 ]] && kill -KILL "$pid"
      sleep 1; systemctl is-active fcops-p1@4.service || true`);
    expect(waiting).toBe('activating');
    const { stdout } = await fcops(systemd, 'verify', '--output', 'json');
    const checks = verifyDocumentSchema.parse(JSON.parse(stdout)).hosts.flatMap((one) => one.checks);
    const told = (name: string) => checks.find((check) => check.name === `${name} runs`);
    expect(told('P1-3')).toMatchObject({ message: 'does not run', since: { by: 'log' } });
    expect(told('P1-3')?.since?.seconds).toBeLessThan(300);
    expect(told('P1-4')).toMatchObject({
      message: 'does not run: systemd is about to start it again',
      since: { by: 'unit' },
    });
    expect(told('P1-5')?.result).toBe('ok');
    const { exitCode } = await fcops(systemd, 'stop', 'p1', '--process', 'P1-4', '--yes', '--lose-tasks');
    expect(exitCode).toBe(0);
    expect(await sh('systemctl is-active fcops-p1@4.service || true')).toBe('inactive');
    const started = await fcops(systemd, 'deploy', 'p1', '--start', '--no-preflight', '--yes');
    expect([started.exitCode, started.stderr]).toEqual([0, '']);
    expect(await running()).toEqual(byUnits.toSorted());
  });

  it('is told by status where its processes run otherwise than the inventory says', async () => {
    const { stdout } = await fcops(nohup(), 'status', '--output', 'json');
    const [seen] = statusDocumentSchema.parse(JSON.parse(stdout)).hosts;
    const third = seen?.processes.find(({ name }) => name === 'P1-3');
    expect(third?.supervisor).toEqual({
      wanted: 'nohup',
      running: 'systemd',
      unit: 'fcops-p1@3.service',
      state: null,
    });
    expect(third?.restart[0]).toBe('fcops-p1@3.service runs it, and its start script is to start it');
  });

  it('goes back to its scripts the same way, and its units go when nothing runs by them', async () => {
    const kept = await fcops(nohup(), 'deploy', 'p1', '--yes');
    expect(kept.exitCode).toBe(0);
    expect(kept.stdout).toContain('/etc/systemd/system/fcops-p2.service stays as long as P2 runs by it');
    expect(await running()).toEqual(byUnits.toSorted());
    const moved = await fcops(nohup(), 'restart', 'p1', '--no-preflight', '--yes', '--lose-tasks');
    expect([moved.exitCode, moved.stderr]).toEqual([0, '']);
    expect(await running()).toEqual(byScripts.toSorted());
    expect((await fcops(nohup(), 'deploy', 'p1', '--yes')).exitCode).toBe(0);
    expect(await sh('ls /etc/systemd/system | grep fcops- || true; systemctl --failed --no-legend')).toBe('');
    expect(await running()).toEqual(byScripts.toSorted());
    expect((await fcops(nohup(), 'plan', 'p1', '--detailed-exitcode')).exitCode).toBe(0);
  });
});

describe('C2 workers', () => {
  it('are started by their units from the beginning, and are ended through them', async () => {
    const c2 = scene.host('c2-10');
    const states = () => c2.sh('systemctl is-active fcops-c2@{1..4}.service || true');
    const started = await fcops(systemd, 'deploy', 'c2', '--start', '--no-preflight', '--yes');
    expect([started.exitCode, started.stderr], started.stdout).toEqual([0, '']);
    expect(await states()).toBe(Array(4).fill('active').join('\n'));
    const again = await fcops(systemd, 'deploy', 'c2', '--start', '--no-preflight', '--yes');
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining('c2-10: nothing to change')]);
    const stopped = await fcops(systemd, 'stop', 'c2', '--yes', '--lose-tasks');
    expect([stopped.exitCode, stopped.stderr]).toEqual([0, '']);
    expect(await states()).toBe(Array(4).fill('inactive').join('\n'));
  });
});
