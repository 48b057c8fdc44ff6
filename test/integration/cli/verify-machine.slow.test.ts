/** @module-tag needs-fuse */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { VerifyCheck } from '../../../src/cli/views/verify-document.ts';
import { verifyDocumentSchema } from '../../../src/cli/views/verify-document.ts';
import { installProgram } from '../../support/host-program.ts';
import { ONE_GPU } from '../../support/nvidia-smi.ts';
import { CEPH_KEY, type P1WithCeph, startP1WithCeph } from '../../support/p1-with-ceph.ts';

/** A P1 machine on which nothing runs yet, with a ceph-fuse that answers nothing. */

let p1: P1WithCeph;

const fcops = (...args: string[]) => p1.fcops(...args);
const checks = async (): Promise<readonly VerifyCheck[]> => {
  const { stdout, stderr } = await fcops('verify', '--output', 'json');
  if (stdout === '') throw new Error(stderr);
  return verifyDocumentSchema.parse(JSON.parse(stdout)).hosts[0]?.checks ?? [];
};
const of = (all: readonly VerifyCheck[], kind: VerifyCheck['kind']) =>
  all.filter((one) => one.kind === kind).map(({ result, name }) => `${result} ${name}`);
const driverSays = (text: string) => installProgram(p1.host, 'nvidia-smi', text);

beforeAll(async () => {
  p1 = await startP1WithCeph();
});
afterAll(() => p1?.stop());

it('tells what a P1 machine has and has not, before anything runs on it', { timeout: 60_000 }, async () => {
  await driverSays(ONE_GPU);
  const all = await checks();
  expect(of(all, 'process')).toHaveLength(16);
  expect(of(all, 'hugepages')).toEqual(
    Array.from({ length: 8 }, (_, node) => `off huge pages on node ${node}`),
  );
  expect(of(all, 'mount').toSorted()).toEqual([
    'off mount /opt/hugepages/layer_labels',
    'ok mount /',
    'ok mount /ceph',
    'ok mount /opt/raid0',
    'ok room at /opt/raid0',
    'ok storage ceph',
  ]);
  expect(of(all, 'data')).toEqual(Array(4).fill(expect.stringMatching(/^ok template data /)));
  expect(of(all, 'gpu').map((one) => one.split(' ', 2).join(' '))).toEqual([
    'ok number',
    'ok NVIDIA',
    'ok GPU',
  ]);
  const { stdout, exitCode } = await fcops('verify');
  expect(exitCode).toBe(1);
  expect(stdout).toContain(
    '\n! p1-50: APx, P2, P1-[1:14]: does not run, and has no log: it was never started here, or its log was removed\n',
  );
  expect(stdout).toContain('\n! p1-50: node [0:2,4:7] has 0 huge pages of 1 GiB, wanted are 252\n');
  expect(stdout.match(/--tags hugepages/g)).toHaveLength(1);
  expect(stdout).not.toContain(CEPH_KEY);
});

it('gives up what hangs in its own time, and says of each what is known', { timeout: 60_000 }, async () => {
  await p1.mount.hang();
  await driverSays('exec sleep 60');
  const begun = performance.now();
  const all = await checks();
  expect((performance.now() - begun) / 1000).toBeLessThan(25);
  expect(of(all, 'mount')).toContain('off mount /ceph');
  // The same storage is not told twice, and nothing else has gone with it.
  expect(of(all, 'mount').filter((one) => one.includes('ceph'))).toHaveLength(1);
  expect(of(all, 'gpu')).toEqual([expect.stringContaining('ok number'), 'unknown NVIDIA driver']);
  expect(of(all, 'data')).toEqual(Array(4).fill(expect.stringMatching(/^ok template data /)));
  const { stdout } = await fcops('verify');
  expect(stdout).toMatch(/\n! p1-50: \/ceph \(storage ceph\) did not answer within 5 s\n/);
  expect(stdout).toContain('umount -l /ceph');
});
