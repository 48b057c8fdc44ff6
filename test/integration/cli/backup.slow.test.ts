/** @module-tag needs-namespaces */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backupDocumentSchema } from '../../../src/cli/views/backup-document.ts';
import { MINER } from '../../support/cluster.ts';
import { mountHanging } from '../../support/hanging-mount.ts';
import { needs } from '../../support/needs.ts';
import { type MinerAtWork, MOUNT, minerAtWork } from './backup-support.ts';

/** Backups of a miner that runs: one test after the other. */

let scene: MinerAtWork;
const fcops = (...words: string[]) => scene.fcops(...words);
const names = (directory: string) => scene.host.sh(`ls ${directory} 2>/dev/null | grep ^${MINER}- || true`);

beforeAll(async () => {
  scene = await minerAtWork();
}, 120_000);
afterAll(() => scene?.stop());

describe('backups of a miner', { timeout: 300_000 }, () => {
  it('are a trouble where there is none yet', async () => {
    const { stdout } = await fcops('status', '--role', 'miner');
    expect(stdout).toMatch(/there is no whole backup of lotus-miner in \/backup\/f0494733/);
  });

  it('are taken at once, and listed', async () => {
    const { exitCode, stdout, stderr } = await fcops('backup', 'miner');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^f0494733-\d{8}T\d{6}Z is in \/backup\/f0494733, read back .*sha256 [0-9a-f]{64}$/m,
    );
    expect(stdout).toMatch(/^ {2}f0494733-\S+ +\d+\.\d s +\d+ B +good +\/backup\/f0494733$/m);
    expect(stdout).toMatch(/^ {2}f0494733-\S+ +\d+\.\d s +\d+ B +good +\/opt\/raid0\/minerbackup$/m);
    expect(await names(`${MOUNT}/${MINER}`)).toMatch(/^f0494733-\d{8}T\d{6}Z$/);
    expect(await scene.host.sh(`stat -c %a ${MOUNT}/${MINER} ${MOUNT}/${MINER}/*/metadata.cbor`)).toBe(
      '700\n600',
    );
  });

  it('have an age in the status, and are right for verify', async () => {
    const status = await fcops('status', '--role', 'miner');
    expect(status.stdout).toMatch(/backups +\/backup\/f0494733 newest \S+ \S+ old, 1 in all/);
    expect(status.stdout).not.toMatch(/no whole backup/);
    const verify = await fcops('verify', '--role', 'miner', '--output', 'json');
    expect(verify.stdout).toMatch(
      /"kind": "backup",\s+"name": "backups of lotus-miner",\s+"process": null,\s+"result": "ok"/,
    );
    const metrics = await fcops('status', '--role', 'miner', '--output', 'prometheus');
    expect(metrics.stdout).toMatch(/^fcops_backup_age_seconds\{miner="f0494733",host="miner-1"\} \d+$/m);
  });

  it('are old after twice their time, as the files on the host say', async () => {
    await scene.host.sh(`cd ${MOUNT}/${MINER} && mv ${MINER}-* ${MINER}-20200101T000000Z`);
    const { exitCode, stdout } = await fcops('verify', '--role', 'miner');
    expect(exitCode).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /the newest backup of lotus-miner is \d+ h \d+ min old, and one is made every 6 hours/,
    );
    await scene.host.sh(`cd ${MOUNT}/${MINER} && truncate -s 1 */metadata.cbor`);
    expect((await fcops('status', '--role', 'miner')).stdout).toContain('there is no whole backup');
  });

  it('show which of them are damaged', async () => {
    await fcops('backup', 'miner');
    await scene.host.sh(
      `cd ${MOUNT}/${MINER} && cd "$(ls | tail -n 1)" && sed -i 's/metadata of/metadata 0f/' metadata.cbor`,
    );
    const { stdout } = await fcops('backup', 'miner', '--output', 'json');
    const document = backupDocumentSchema.parse(JSON.parse(stdout));
    expect(document.state).toBe('done');
    expect(document.backups?.filter(({ place }) => place === 'there').map(({ sums }) => sums)).toEqual([
      'good',
      'differs',
    ]);
  });

  it('say why none was taken, and do not hide that', async () => {
    await scene.host.sh(`umount ${MOUNT}`);
    const { exitCode, stderr } = await fcops('backup', 'miner');
    expect(exitCode).toBe(1);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(
      'stays on this host alone: nothing is mounted at /backup',
    );
    const status = await fcops('status', '--role', 'miner');
    expect(status.stdout.replaceAll(/\s+/g, ' ')).toContain('nothing is mounted at /backup (backups)');
    expect(await scene.host.sh(`ls -A ${MOUNT}`)).toBe('');
    await scene.mount();
    await scene.host.sh('source /opt/raid0/profile; lotus-miner stop; sleep 1');
    const stopped = await fcops('backup', 'miner');
    expect(stopped.exitCode).toBe(1);
    expect(stopped.stderr.replaceAll(/\s+/g, ' ')).toContain(
      'lotus-miner backup failed: ERROR: could not get API info',
    );
  });

  it('do not wait for a mount whose server is away', { tags: [needs('fuse')] }, async () => {
    await scene.host.sh(
      `umount ${MOUNT}; source /opt/raid0/profile; bash /opt/raid0/start_lotusminer.sh; until [ -s /opt/raid0/lotusminer/api ]; do sleep 0.1; done`,
    );
    const hanging = await mountHanging(scene.host, MOUNT);
    try {
      await hanging.hang();
      const before = await names('/opt/raid0/minerbackup');
      const begun = performance.now();
      const { exitCode, stderr } = await fcops('backup', 'miner');
      expect(exitCode).toBe(1);
      expect(stderr.replaceAll(/\s+/g, ' ')).toContain(
        'stays on this host alone: /backup: it did not end within 20 s',
      );
      // What is there is asked for a minute, to list it.
      expect(performance.now() - begun).toBeLessThan(170_000);
      expect(await names('/opt/raid0/minerbackup')).not.toBe(before);
      const status = await fcops('status', '--role', 'miner', '--output', 'json');
      expect(status.stdout).toMatch(/"backups": \{[^}]*"state": "unknown",\s+"newest": null,\s+"age": null/);
      expect((await fcops('verify', '--role', 'miner')).exitCode).toBe(1);
    } finally {
      await hanging.stop();
    }
    await scene.host.sh(`umount -l ${MOUNT} 2>/dev/null; true`);
    await scene.mount();
  });

  it('are made by cron, and not any more where the inventory does not say so', async () => {
    expect(await scene.host.sh('crontab -l')).toContain(
      '17 */6 * * * /bin/bash /opt/raid0/backup_lotusminer.sh',
    );
    const again = await fcops('deploy', 'miner', '--tags', 'backup', '--yes', '--output', 'json');
    expect(again.stdout).not.toContain('"type":"step-begin"');
    await scene.write({ backup: undefined });
    await fcops('deploy', 'miner', '--tags', 'backup', '--yes');
    expect(await scene.host.sh('crontab -l')).not.toContain('backup_lotusminer.sh');
    const { exitCode, stderr } = await fcops('backup', 'miner');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('the inventory says nothing of backups of f0494733');
  });
});
