/** @module-tag needs-namespaces */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workerParameterFiles } from '../../../src/roles/proof-parameters.ts';
import { startFcopsOnTerminal } from '../../support/fcops.ts';
import { turn, unturn } from '../../support/lotus/knobs.ts';
import { epochNow, fund, type Scene, startScene } from './bootstrap-support.ts';

/** A miner host with others beside it, and with what others have begun: one test after the other. */

let scene: Scene;
const snapshotOf = (sha256: string) => ({ snapshot: { url: `${scene.artifacts.url}/chain.car`, sha256 } });
const bootstrap = async (...args: string[]) => {
  await turn(scene.miner, 'epoch', epochNow());
  return scene.bootstrap(...args);
};

beforeAll(async () => {
  scene = await startScene(['c2-10']);
}, 120_000);
afterAll(() => scene?.stop());

describe('a snapshot', () => {
  it('of another sum is told and not used', async () => {
    await scene.write(snapshotOf('0'.repeat(64)));
    const wrong = await bootstrap();
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toContain('is not the one of the inventory; it was not used');
    expect(wrong.stderr).toContain('correct bootstrap.snapshot.sha256');
    expect(await scene.miner.sh('ls /opt/raid0/bootstrap')).toBe('0000000000000000.car.wrong');
    expect(await scene.miner.sh('ls -A /opt/raid0/lotus 2>/dev/null; true')).toBe('');
    expect(wrong.stderr.match(/run again/gi)).toHaveLength(1);
  });
});

describe('proof parameters of another host', () => {
  it('are not copied where the host cannot log in there, and what to type is told', async () => {
    await scene.write({ parameters: { from: 'c2-10' } });
    const { exitCode, stderr } = await bootstrap();
    expect(exitCode).toBe(1);
    expect(await scene.miner.sh('ls /opt/raid0/bootstrap')).not.toContain('wrong');
    expect(
      scene.artifacts.requests.filter(({ path, method }) => path.endsWith('chain.car') && method === 'GET'),
    ).toHaveLength(1);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('this host cannot log in as root@');
    expect(stderr).toContain('rsync -aP');
  });

  it('are copied over SSH, and what came with other bytes is copied anew', async () => {
    const [, other] = scene.hosts.hosts;
    if (!other) throw new Error('two hosts were asked for');
    const files = workerParameterFiles('2KiB');
    const at = '/opt/filecoin-proof-parameters';
    await other.sh(
      `mkdir -p ${at} && cd ${at}\n${files.map(({ name, most, least }) => (Number.isFinite(most) ? `truncate -s ${least} ${name}` : `head -c 64 /dev/urandom >${name}`)).join('\n')}`,
    );
    for (const [name, text, mode] of [
      ['id_ed25519', readFileSync(scene.hosts.privateKey), 0o600],
      ['known_hosts', readFileSync(scene.hosts.knownHosts), 0o644],
    ] as const) {
      const file = `${scene.miner.root}/root/.ssh/${name}`;
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, text, { mode });
    }
    const first = files[0]?.name ?? '';
    await scene.miner.sh(`cd /opt/raid0/filecoin-proof-parameters && head -c 10 /dev/zero >.${first}.part`);
    // Ten bytes of something else: the sum of the whole tells, and the next run copies it anew.
    const broken = await bootstrap();
    expect(broken.exitCode).toBe(1);
    expect(broken.stderr.replaceAll(/\s+/g, ' ')).toContain('came with other bytes than it has on');
    await turn(scene.miner, 'import-fails', 'told to');
    const { stdout, stderr } = await bootstrap();
    expect(stdout).toContain('done proof parameters');
    expect(stderr).toContain('told to');
    const sums = `cd FOLDER && sha256sum ${files.map(({ name }) => name).join(' ')}`;
    expect(await scene.miner.sh(sums.replace('FOLDER', '/opt/raid0/filecoin-proof-parameters'))).toBe(
      await other.sh(sums.replace('FOLDER', at)),
    );
    expect(await scene.miner.sh('ls -A /opt/raid0/filecoin-proof-parameters')).not.toContain('.part');
  }, 90_000);
});

describe('what others have made', () => {
  it('is left alone: a chain, and a repository that nobody knows the log of', async () => {
    await scene.miner.sh(`rm -f /var/lib/simulated-lotus/import-fails /opt/raid0/bootstrap/import.log*
source /opt/raid0/profile
lotus daemon --halt-after-import --import-snapshot /opt/raid0/bootstrap/*.car >/dev/null 2>&1
mkdir -p /opt/raid0/lotusminer/keystore && echo theirs >/opt/raid0/lotusminer/keystore/key`);
    const sums = () => scene.miner.sh('cd /opt/raid0/lotusminer && find . -type f -exec sha256sum {} +');
    const before = await sums();
    const { stdout } = await bootstrap('--check');
    expect(stdout).toContain('has a chain already, which is left as it is');
    // It may be half of one: nobody ever ran it.
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('no log of an init of ours ended well');
    expect(await sums()).toBe(before);
    await scene.miner.sh('rm -r /opt/raid0/lotusminer');
  });

  it('is imported over only where the name of the host confirms it', async () => {
    const other = await bootstrap('--import-over', 'miner-2');
    expect(other.exitCode).toBe(1);
    expect(other.stderr).toContain('confirms by name what happens to miner-1');
    const { stdout } = await bootstrap('--import-over', 'miner-1', '--check');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'over the chain that is there, as --import-over miner-1 says',
    );
  });
});

describe('on a terminal', () => {
  it('asks before the miner is created, and no is no', async () => {
    await turn(scene.miner, 'epoch', epochNow());
    const running = startFcopsOnTerminal(['bootstrap', 'miner', '--inventory', scene.cluster.inventory], {
      env: scene.cluster.env,
    });
    let shown = '';
    let isFunded = false;
    let isAnswered = false;
    running.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      if (!isFunded && shown.includes('are needed')) {
        isFunded = true;
        void fund(scene.miner);
      }
      if (!isAnswered && shown.includes('[y/N]')) {
        isAnswered = true;
        running.stdin.write('n\n');
      }
    });
    const { exitCode } = await running;
    expect(exitCode).toBe(1);
    expect(shown).toContain('Create the miner on the chain? The owner pays for it.');
    expect(shown).toContain('Stopped there, and nothing more was done. Run again to go on from here.');
    expect(await scene.miner.sh('ls /opt/raid0/lotusminer 2>/dev/null; true')).toBe('');
  });
});

describe('an init that is cut off after its message', () => {
  it('leaves half a repository, which is no miner, and what is told makes it whole', async () => {
    await turn(scene.miner, 'init-waits', '');
    await turn(scene.miner, 'epoch', epochNow());
    const running = scene.start('--yes');
    await scene.miner.sh(
      `until grep -q 'Pushed CreateMiner' /opt/raid0/bootstrap/init.log 2>/dev/null; do sleep 0.1; done`,
    );
    // As when the power fails: the init and its run with all that they have begun.
    await scene.miner.sh(
      'read -r runner _ </var/lib/fcops/runs/*binit/pid && kill -9 $(ps -o pid= -s "$runner")',
    );
    await running;
    const seen = await bootstrap('--yes');
    const said = seen.stderr.replaceAll(/\s+/g, ' ');
    expect([seen.exitCode, said]).toEqual([1, expect.stringContaining('is half made, and nothing is lost')]);
    expect(said).toContain('--sector-size 2KiB');
    await unturn(scene.miner, 'init-waits');
    await scene.miner.sh(`mv -T /opt/raid0/bootstrap/init.log /opt/raid0/bootstrap/init.log.half`);
    const without = await bootstrap('--yes');
    expect(without.exitCode).toBe(1);
    expect(without.stdout).not.toContain('The miner is set up.');
    await scene.miner.sh(`mv -T /opt/raid0/lotusminer /opt/raid0/lotusminer.half
source /opt/raid0/profile
lotus-miner init --no-local-storage --actor f0494733 --sector-size 2KiB 2>/opt/raid0/bootstrap/init.log`);
    const whole = await bootstrap('--yes');
    expect([whole.exitCode, whole.stderr]).toEqual([0, '']);
    expect(whole.stdout).toContain('The miner is set up.');
    expect(await scene.miner.sh("cat /opt/raid0/bootstrap/init.log* | grep -c 'Pushed CreateMiner'")).toBe(
      '1',
    );
  }, 90_000);
});
