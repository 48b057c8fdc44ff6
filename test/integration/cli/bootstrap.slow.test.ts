/** @module-tag needs-namespaces */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bashOf, STEP_SHELL } from '../../../src/resources/kinds.ts';
import { MINER, TOKEN } from '../../support/cluster.ts';
import { turn, unturn } from '../../support/lotus/knobs.ts';
import { epochNow, eventsOf, fund, type Scene, SNAPSHOT, STORAGE, startScene } from './bootstrap-support.ts';

const noSecrets = (): never => {
  throw new Error('no secret is asked for');
};

/** The first set-up of a miner from nothing to its end, with all that can go wrong on the way: one test after the other. */

let scene: Scene;
const read = (path: string) => readFileSync(`${scene.miner.root}${path}`, 'utf8');
const has = (path: string) => existsSync(`${scene.miner.root}${path}`);
const said: string[] = [];
/** Runs it to its end, and keeps what it said. */
const bootstrap = async (...args: string[]) => {
  await turn(scene.miner, 'epoch', epochNow());
  const ended = await scene.bootstrap(...args);
  said.push(ended.stdout, ended.stderr);
  return ended;
};

beforeAll(async () => {
  scene = await startScene();
}, 120_000);
afterAll(() => scene?.stop());

describe('the first set-up of a miner', () => {
  it('is shown, and nothing is done', async () => {
    const { exitCode, stdout, stderr } = await bootstrap('--check');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Set-up of f0494733 on miner-1');
    expect(stdout).toMatch(/^ {2}done +programs, profile and scripts/m);
    expect(stdout).toMatch(/^ {2}to do +chain snapshot +from http/m);
    expect(stdout).toMatch(/^ {2}\? +creation of the miner/m);
    expect(has('/opt/raid0/bootstrap')).toBe(false);
  });

  it('goes on with a download that broke off', async () => {
    scene.artifacts.fail(SNAPSHOT, 'truncated');
    const broken = await bootstrap();
    expect(broken.exitCode).toBe(1);
    expect(broken.stderr).toMatch(/the connection broke off 5 times; \d{7} bytes are here/);
    scene.artifacts.fail(SNAPSHOT, undefined);
    await turn(scene.miner, 'fetch-mismatch', 'v28-fil-inner-product-v1.srs');
    const next = await bootstrap();
    expect(next.exitCode).toBe(1);
    expect(next.stdout).toContain('done chain snapshot');
    const statuses = scene.artifacts.requests.flatMap(({ path, method, status }) =>
      path.endsWith(SNAPSHOT) && method === 'GET' ? [status] : [],
    );
    expect(statuses).toEqual([200, 206, 206, 206, 206, 206]);
    // The next step, which was told to fail.
    expect(next.stderr).toContain('checksum mismatch in param file');
    await unturn(scene.miner, 'fetch-mismatch');
  });

  it('says why the import failed, and begins it anew', async () => {
    await turn(scene.miner, 'import-fails', 'cbor input was too large');
    const { exitCode, stdout, stderr } = await bootstrap();
    expect(exitCode).toBe(1);
    expect(stdout).toContain('done proof parameters');
    expect(stderr).toContain('the snapshot was not imported');
    expect(stderr).toContain('cbor input was too large');
    await unturn(scene.miner, 'import-fails');
  });

  it('waits for funds, and is left there', async () => {
    await turn(scene.miner, 'epoch', epochNow());
    const running = scene.start();
    let text = '';
    running.stdout.on('data', (chunk: Buffer) => {
      const before = text.includes('are needed');
      text += chunk.toString();
      if (!before && text.includes('are needed')) running.kill('SIGINT');
    });
    const { exitCode, stderr, stdout } = await running;
    said.push(stdout, stderr);
    expect([exitCode, stderr]).toEqual([130, '']);
    expect(text).toMatch(/done owner and worker wallets .*: owner f3\S+, worker f3/);
    expect(text.replaceAll(/\s+/g, ' ')).toMatch(
      /funds of the owner: f3\S+ has 0 FIL, 1 FIL are needed: send them there, but back up the keys of both wallets first/,
    );
    expect(text).toContain('Left. Run again to go on from here.');
    expect(read('/opt/raid0/lotus/config.toml')).toContain(
      `ListenAddress = "/ip4/${scene.miner.address}/tcp/1234/http"`,
    );
  });

  it('pays for nothing where nobody can say yes', async () => {
    await fund(scene.miner);
    const { exitCode, stdout, stderr } = await bootstrap();
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/creation of the miner:\n {2}owner {3}f3\S+, 2 FIL\n {2}worker {2}f3/);
    expect(stderr).toContain('stopped before the creation of the miner');
    expect(has('/opt/raid0/lotusminer')).toBe(false);
  });

  it('does not pay twice without a word where an init failed after its message', async () => {
    await turn(scene.miner, 'init-fails', 'context deadline exceeded');
    const failed = await bootstrap('--yes');
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toContain('the message that creates one had been sent');
    expect(failed.stderr).toContain('lotus state search-msg bafy2bzacedcreateminer');
    expect(failed.stderr).not.toContain('only what is missing is done');
    expect(failed.stderr).toContain('context deadline exceeded');
    expect(has('/opt/raid0/lotusminer')).toBe(false);
    await unturn(scene.miner, 'init-fails');
    const second = await bootstrap('--yes');
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toContain('a second one would pay for another miner');
    expect(has('/opt/raid0/lotusminer')).toBe(false);
    await scene.miner.sh('mv /opt/raid0/bootstrap/init.log /opt/raid0/bootstrap/init.log.before');
  });

  it('does not ask for storage that is not mounted, or where something else is', async () => {
    await scene.write({}, true);
    const nothing = await bootstrap('--yes');
    expect(nothing.exitCode).toBe(1);
    expect(nothing.stderr.replaceAll(/\s+/g, ' ')).toContain(
      'nothing is mounted at /nas, wanted is nas: nfs',
    );
    await scene.miner.sh(`mkdir -p ${STORAGE} && mount -t tmpfs none ${STORAGE}`);
    const other = await bootstrap('--yes');
    expect(other.exitCode).toBe(1);
    expect(other.stderr.replaceAll(/\s+/g, ' ')).toContain(
      'tmpfs (none) is mounted at /nas, wanted is nas: nfs',
    );
    expect(await scene.miner.sh(`ls -A ${STORAGE}`)).toBe('');
    await scene.write({});
  });

  it('goes to its end, and says what the workers need', async () => {
    const { exitCode, stdout, stderr } = await bootstrap('--yes');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('The miner is set up.');
    expect(stdout).toContain(`API     /ip4/${scene.miner.address}/tcp/2345/http`);
    expect(stdout).toContain('token   in /opt/raid0/lotusminer/token on miner-1');
    expect(stdout).toContain('lotus wallet export f3');
    expect(await scene.miner.sh('stat -c %a:%n /opt/raid0/minerbackup/*')).toBe(
      ['backup', 'config.toml', 'storage.json']
        .map((end) => `600:/opt/raid0/minerbackup/${MINER}-first.${end}`)
        .join('\n'),
    );
  });

  it('attaches what is mounted, once, and nothing where nothing is', async () => {
    // What the inventory can name cannot be mounted here: the step by itself.
    const attach = (path: string) =>
      scene.miner.sh(`set -euo pipefail
export FCOPS_RUN=/var/lib/fcops/runs/r-test
mkdir -p "$FCOPS_RUN"
${STEP_SHELL}
${bashOf({ step: 'attach-storage', profile: '/opt/raid0/profile', repository: '/opt/raid0/lotusminer', path, deadline: 60 }, noSecrets)}`);
    await expect(attach('/nas2')).rejects.toThrow('nothing is mounted at /nas2');
    await attach(STORAGE);
    expect(await attach(STORAGE)).toContain('is attached by now');
    expect(read('/opt/raid0/lotusminer/storage.json').match(/"Path": "\/nas"/g)).toHaveLength(1);
    expect(await scene.miner.sh(`ls ${STORAGE}`)).toContain('sectorstore.json');
  });

  it('is done the second time, and touches nothing', async () => {
    const before = await scene.miner.sh('ls /var/lib/fcops/runs');
    const { exitCode, stdout } = await bootstrap('--yes');
    expect(exitCode).toBe(0);
    expect(stdout.match(/^ {2}done /gm)).toHaveLength(13);
    expect(await scene.miner.sh('ls /var/lib/fcops/runs')).toBe(before);
  });

  it('starts what does not run any more, and attaches and creates nothing', async () => {
    await scene.miner.sh(`source /opt/raid0/profile; lotus-miner stop; lotus daemon stop; sleep 1`);
    const { exitCode, stdout } = await bootstrap('--output', 'json', '--yes');
    expect(exitCode).toBe(0);
    expect(eventsOf(stdout).flatMap(({ type, step }) => (type === 'step-begin' ? [step] : []))).toEqual([
      'lotus',
      'miner',
    ]);
  });

  it('tells no key and no token', async () => {
    const secrets = [
      read('/opt/raid0/lotusminer/token'),
      read('/opt/raid0/lotus/token'),
      scene.artifacts.password,
      TOKEN,
      ...(await scene.miner.sh('cat /opt/raid0/lotus/keystore/* | grep -o "PrivateKey.*"')).split('\n'),
    ];
    const journals = await scene.miner.sh(
      'cat /var/lib/fcops/runs/*/* /opt/raid0/bootstrap/*.log* 2>/dev/null; true',
    );
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(10);
      expect(said.join('\n')).not.toContain(secret);
      expect(journals).not.toContain(secret);
    }
  });
});
