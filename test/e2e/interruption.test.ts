import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { archiveName } from '../support/artifact-server.ts';
import { VERSIONS } from '../support/cluster.ts';
import type { startFcops } from '../support/fcops.ts';
import { leftovers, runsEnded, stateOf, waitFor } from './support/host-state.ts';
import type { BootedHost } from './support/nspawn.ts';
import { type Scene, startScene } from './support/scene.ts';

/**
 * Runs that are cut off in the middle, at the archive whose second half is held back: the host has neither half
 * a file nor a temporary one afterwards, the next run does what is left, and the one after that nothing.
 */

/** The host has been asked to stop. */
const STOP_ASKED = `[[ -n $(find /var/lib/fcops/runs -name '*stop') ]]`;
const ARCHIVE = archiveName(VERSIONS.c2);

let scene: Scene;
let host: BootedHost;
/** The host as a whole run leaves it. */
let whole: string[];

beforeAll(async () => {
  scene = await startScene([{ role: 'c2', number: 10 }]);
  host = scene.host('c2-10');
  const { exitCode, stdout } = await deploy();
  expect(exitCode, stdout).toBe(0);
  whole = await stateOf(host);
});
afterAll(() => scene?.stop());

const deploy = () => scene.fcops(['deploy', 'c2', '--yes']);
const release = () => scene.artifacts.fail(ARCHIVE, undefined);

/** Starts a deploy and waits until the host has the first half of the archive. */
const deployToTheMiddle = async (
  ...more: string[]
): Promise<{ readonly running: ReturnType<typeof startFcops> }> => {
  const asked = scene.artifacts.requests.length;
  const running = scene.start(['deploy', 'c2', '--yes', ...more]);
  while (scene.artifacts.requests.length === asked) await delay(20);
  await waitFor(host, 'compgen -G "/opt/lotusworker/versions/c2/.fcops.unpack.*/archive" >/dev/null');
  // Not by itself: to await that would be to await its end.
  return { running };
};

/** Shows that the host is whole and clean when another run has been there. */
const nextRunFinishes = async (): Promise<void> => {
  const next = await deploy();
  expect([next.exitCode, next.stderr], next.stdout).toEqual([0, '']);
  expect(await leftovers(host)).toBe('');
  expect(await stateOf(host)).toEqual(whole);
  expect((await scene.fcops(['plan', 'c2', '--detailed-exitcode'])).exitCode).toBe(0);
};

/** Makes work before, at and after the archive. */
const REMOVE = `
  rm -rf /opt/lotusworker /opt/lotus-worker /opt/worker-*c2 /opt/profile /etc/sysctl.d/99-zz-fcops.conf
  crontab -r
  timedatectl set-timezone UTC`;

/** Programs that steps use, and at which of their calls the run is killed: before writing, before renaming. */
const WORST = [
  ['dd', [1, 4]],
  ['mv', [1, 2, 4, 5, 8]],
  ['tar', [2]],
] as const;

/** Kills a run with all its processes when a program is called for the so-many-th time, as if the power had gone. */
const ambush = (program: string, call: number): string => `
  echo 0 >/run/ambush
  cat >/usr/local/bin/${program} <<'END'
#!/bin/bash
read -r calls </run/ambush
echo $((calls + 1)) >/run/ambush
if [[ $calls == ${call - 1} ]]; then
  echo sprung >/run/ambush
  pkill -KILL -s "$(cut -d ' ' -f 1 "$(ls -td /var/lib/fcops/runs/*/pid | head -n 1)")"
fi
exec /usr/bin/${program} "$@"
END
  chmod 755 /usr/local/bin/${program}`;

beforeEach(async () => {
  await host.sh(REMOVE);
  scene.artifacts.fail(ARCHIVE, 'held');
});
afterEach(release);

describe('a run whose controller', () => {
  it('is killed goes on by itself to its end', async () => {
    const { running } = await deployToTheMiddle();
    running.kill('SIGKILL');
    await running;
    release();
    await runsEnded(host);
    expect(await leftovers(host)).toBe('');
    expect(await stateOf(host)).toEqual(whole);
    const next = await deploy();
    expect([next.exitCode, next.stdout]).toEqual([0, expect.stringMatching(/^1 host: 1 unchanged/m)]);
  });

  it('is told to stop (Ctrl-C) stops after the step that it is at', async () => {
    const { running } = await deployToTheMiddle();
    running.kill('SIGINT');
    await waitFor(host, STOP_ASKED);
    release();
    const { exitCode, stdout, stderr } = await running;
    expect([exitCode, stderr]).toEqual([130, '']);
    expect(stdout).toContain('Interrupted: hosts stop after the step they are at');
    expect(stdout).toMatch(/^STOPPED c2-10, task "lotus-worker"\n {2}stopped between two steps, as asked$/m);
    expect(await leftovers(host)).toBe('');
    // The step that it was at is done, the next ones are not begun.
    expect(
      await host.sh(
        `cd /opt/lotusworker/versions/c2/${VERSIONS.c2} && ls; ls -d /opt/lotus-worker 2>&1 || true`,
      ),
    ).toBe("lotus-worker\nls: cannot access '/opt/lotus-worker': No such file or directory");
    await nextRunFinishes();
  });

  it('is told twice leaves at once; the host stops by itself', async () => {
    const { running } = await deployToTheMiddle();
    running.kill('SIGINT');
    await waitFor(host, STOP_ASKED);
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
    release();
    await runsEnded(host);
    expect(await leftovers(host)).toBe('');
    await nextRunFinishes();
  });

  it('works on a host keeps others out, who are told who it is', async () => {
    const { running } = await deployToTheMiddle();
    const before = await stateOf(host);
    const second = await deploy();
    expect(second.exitCode).toBe(1);
    expect(second.stdout).toMatch(
      /^BLOCKED c2-10\n {2}another run is changing this host; nothing was done to it\n/m,
    );
    expect(second.stdout).toMatch(
      /why: {2}\S+@\S+, run r-\d{8}T\d{6}Z-\w{5}, since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(\d+ s ago\)\n/,
    );
    expect(second.stdout).toContain('next: wait for it to end, then run again');
    expect(await stateOf(host)).toEqual(before);
    release();
    expect((await running).exitCode).toBe(0);
    await nextRunFinishes();
  });
});

describe('a connection that', () => {
  it('is cut is made again; the run ends as if nothing had been', async () => {
    const { running } = await deployToTheMiddle('--output', 'json');
    let shown = '';
    running.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
    await host.sh(`pkill -KILL -f '^sshd: root'`);
    while (!shown.includes('"type":"reconnect"')) await delay(20);
    release();
    const { exitCode, stdout } = await running;
    expect(exitCode, stdout).toBe(0);
    expect(stdout.match(/"type":"reconnect"/g)).toHaveLength(1);
    expect(await stateOf(host)).toEqual(whole);
    await nextRunFinishes();
  });

  it('goes silent is given up; the steps go on without it', async () => {
    const { running } = await deployToTheMiddle();
    await host.sh('ip link set host0 down');
    const { exitCode, stdout } = await running;
    await host.sh('ip link set host0 up');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('c2-10: connection lost, connecting again (attempt 1); its steps go on');
    expect(stdout).toMatch(
      /^UNREACHABLE c2-10\n {2}the connection was lost while the host was being changed; its steps go on without it\n/m,
    );
    expect(stdout).toContain('next: run again when the host can be reached: only what is missing is done');
    release();
    await runsEnded(host);
    expect(await leftovers(host)).toBe('');
    await nextRunFinishes();
  });
});

describe('a host that', () => {
  it('is rebooted in the middle is finished by the next run', async () => {
    const { running } = await deployToTheMiddle();
    await host.reboot();
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^(FAILED|UNREACHABLE) c2-10/m);
    release();
    await nextRunFinishes();
  });

  it('loses the processes of a run at the worst moments has whole files only, and the next run finishes', async () => {
    release();
    const out = `${scene.hosts.directory}/whole`;
    await scene.fcops(['facts', 'c2-10', '--save']);
    expect((await scene.fcops(['render', 'c2', '--out', out])).exitCode).toBe(0);
    const sums = await execa('find', ['.', '-type', 'f', '-exec', 'sha256sum', '{}', '+'], {
      cwd: `${out}/c2-10`,
    });
    for (const [program, calls] of WORST) {
      for (const call of calls) {
        await host.sh(REMOVE);
        await host.sh(ambush(program, call));
        const { exitCode, stdout } = await deploy();
        const left = await host.sh(`rm /usr/local/bin/${program}; cat /run/ambush`);
        expect([left, exitCode], `${program} ${call}: ${stdout}`).toEqual(['sprung', 1]);
        expect(stdout).toMatch(/^FAILED c2-10\n {2}the run ended on the host without saying how\n/m);
        const check = `cd / && sha256sum --ignore-missing --quiet -c <<'END' 2>&1 | grep FAILED || true`;
        expect(await host.sh(`${check}\n${sums.stdout}\nEND`), `after ${program} ${call}`).toBe('');
        await nextRunFinishes();
      }
    }
  });
});
