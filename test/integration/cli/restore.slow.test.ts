/** @module-tag needs-namespaces */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrapEventSchema } from '../../../src/cli/views/bootstrap-document.ts';
import { MINER } from '../../support/cluster.ts';
import { turn, unturn } from '../../support/lotus/knobs.ts';
import { type MinerAtWork, MOUNT, minerAtWork } from './backup-support.ts';
import { epochNow } from './bootstrap-support.ts';

/** A miner that is lost and comes back from its backup: one test after the other. */

let scene: MinerAtWork;
const REPOSITORY = '/opt/raid0/lotusminer';
const has = (path: string) => existsSync(`${scene.host.root}${path}`);
const read = (path: string) => readFileSync(`${scene.host.root}${path}`, 'utf8');
const restore = async (...words: string[]) => {
  await turn(scene.host, 'epoch', epochNow());
  const ended = await scene.fcops('restore', 'miner', ...words);
  return { ...ended, text: `${ended.stdout}${ended.stderr}`.replaceAll(/\s+/g, ' ') };
};
const stop = () =>
  scene.host.sh(
    `source /opt/raid0/profile; lotus-miner stop; until [ ! -e ${REPOSITORY}/api ]; do sleep 0.1; done; sleep 0.5`,
  );

beforeAll(async () => {
  scene = await minerAtWork();
  const { exitCode, stderr } = await scene.fcops('backup', 'miner');
  expect([exitCode, stderr]).toEqual([0, '']);
}, 180_000);
afterAll(() => scene?.stop());

describe('a restore of a miner', { timeout: 120_000 }, () => {
  it('is never made over one that runs, nor over its repository', async () => {
    const live = await restore('--yes');
    expect(live.exitCode).toBe(1);
    expect(live.text).toMatch(/lotus-miner runs, as process \d+: nothing is restored over a live miner/);
    expect(live.text).toContain(`mv -T ${REPOSITORY} ${REPOSITORY}.before`);
    await stop();
    const before = read(`${REPOSITORY}/config.toml`);
    const there = await restore('--yes');
    expect(there.exitCode).toBe(1);
    expect(there.text).toContain(`${REPOSITORY} is a repository of lotus-miner: nothing is restored over it`);
    expect(there.text).toContain('lotus-miner backup --offline');
    expect(read(`${REPOSITORY}/config.toml`)).toBe(before);
  });

  it('shows what there is to restore from, and does nothing with --check', async () => {
    await scene.host.sh(`mv -T ${REPOSITORY} ${REPOSITORY}.before; touch /opt/raid0/marked`);
    const { exitCode, stdout } = await restore('--check');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ {2}f0494733-\S+ .* good +\/opt\/raid0\/minerbackup$/m);
    expect(stdout).toContain('Restore of f0494733 on miner-1');
    expect(stdout).toMatch(/^ {2}done +no miner in its place +none is there$/m);
    expect(stdout).toMatch(/^ {2}to do +restore of the miner +not begun$/m);
    expect(has(REPOSITORY)).toBe(false);
  });

  it('takes nothing that is damaged, or that is not there', async () => {
    const strange = await restore('--from', 'f0494733-20200101T000000Z', '--yes');
    expect(strange.text).toContain('there is no backup called f0494733-20200101T000000Z');
    const nothing = await restore('--from', '/root/none.cbor', '--yes');
    expect(nothing.text).toContain('/root/none.cbor is not there, or is empty');
    const word = await restore('--from', 'latest', '--yes');
    expect(word.exitCode).toBe(1);
    expect(word.text).toContain('--from is the name of a backup or an absolute path');
    await scene.host.sh(
      `cp -a ${MOUNT}/${MINER}/${MINER}-*Z /root/damaged; sed -i s/metadata/metedata/ /root/damaged/metadata.cbor; mkdir /root/bare; cp /root/damaged/metadata.cbor /root/bare/`,
    );
    const damaged = await restore('--from', '/root/damaged', '--yes');
    expect(damaged.text).toContain('it is damaged, and not restored');
    const bare = await restore('--from', '/root/bare/metadata.cbor', '--yes');
    expect(bare.text).toContain('are no config.toml and storage.json');
    expect(has(REPOSITORY)).toBe(false);
  });

  it('is asked for first, with what it costs', async () => {
    const { exitCode, stdout, text } = await restore();
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/worker key {2}f01002, lotus has it/);
    expect(text).toContain('lotus issue 9681');
    expect(text).toContain('stopped before the restore of the miner');
    expect(has(REPOSITORY)).toBe(false);
  });

  it('is not begun without the key of the worker', async () => {
    await scene.host.sh('mkdir /root/keys; mv /opt/raid0/lotus/keystore/O5QWY3DFOQ* /root/keys/');
    const { exitCode, text } = await restore('--yes');
    expect(exitCode).toBe(1);
    expect(text).toContain('lotus does not have the key of f01002, the worker of f0494733');
    await scene.host.sh('mv /root/keys/* /opt/raid0/lotus/keystore/');
    expect(has(REPOSITORY)).toBe(false);
  });

  it('that fails leaves no half repository in its place, and says why', async () => {
    await turn(scene.host, 'restore-fails', 'mpool push: not enough funds');
    const { exitCode, text } = await restore('--yes');
    expect(exitCode).toBe(1);
    expect(text).toContain('mpool push: not enough funds');
    expect(text).toMatch(/the half repository is \/opt\/raid0\/lotusminer\.half-\d{8}T\d{6} now/);
    expect(has(REPOSITORY)).toBe(false);
    const check = await restore('--check');
    expect(check.text).toContain('the last attempt failed: mpool push: not enough funds');
    await unturn(scene.host, 'restore-fails');
  });

  it('can be left, is taken up, and ends with a miner that answers', async () => {
    await turn(scene.host, 'epoch', epochNow());
    await turn(scene.host, 'restore-waits');
    const running = scene.start('restore', 'miner', '--yes');
    await expect
      .poll(() => has('/opt/raid0/bootstrap/restore.log') && read('/opt/raid0/bootstrap/restore.log'), {
        timeout: 60_000,
      })
      .toContain('Waiting for message');
    running.kill('SIGINT');
    const left = await running;
    expect(left.exitCode).toBe(130);
    expect(left.stdout).toContain('What is at work on miner-1 goes on there');
    const second = scene.start('restore', 'miner', '--yes', '--output', 'json');
    setTimeout(() => void unturn(scene.host, 'restore-waits'), 4_000);
    const { exitCode, stdout, stderr } = await second;
    expect([exitCode, stderr]).toEqual([0, '']);
    const events = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => bootstrapEventSchema.parse(JSON.parse(line)));
    expect(events[0]?.type).toBe('backups');
    expect(events.some((event) => event.type === 'step-begin' && event.takenUp)).toBe(true);
    expect(events.at(-1)).toMatchObject({
      type: 'end',
      state: 'done',
      outcome: { what: 'restore', miner: MINER },
    });
    expect(await scene.host.sh('source /opt/raid0/profile; lotus-miner info')).toContain(`Miner: ${MINER}`);
    expect(read(`${REPOSITORY}/config.toml`)).toContain(`/ip4/${scene.host.address}/tcp/2345/http`);
    const next = JSON.stringify(events.at(-1));
    expect(next).toContain('lotus-miner proving deadlines');
    expect(next).toContain('may be given out again');
    // The one of before is where somebody has put it.
    expect(has(`${REPOSITORY}.before/datastore/actor`)).toBe(true);
  });

  it('is done the second time; from another backup it is refused', async () => {
    const again = await restore('--yes');
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toContain('The miner is restored.');
    await scene.host.sh('sleep 1');
    await scene.fcops('backup', 'miner');
    const other = await restore('--yes');
    expect(other.exitCode).toBe(1);
    expect(other.text).toContain('nothing is restored over a live miner');
  });
});
