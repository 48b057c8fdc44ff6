/** @module-tag needs-namespaces */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { readOn, run, sessionWith, step, task } from './support.ts';

let hosts: SimulatedHosts;
beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: 1 });
});
afterAll(() => hosts?.stop());
afterEach(() => hosts.host.sh('umount /var/lib/fcops'));

const applied = async (name: string) => {
  const { session } = sessionWith(hosts, hosts.host);
  const tasks = [task(step(name, `/opt/${name}`, `touch /opt/${name}`))];
  const { applied: end } = await run(session, tasks);
  await session.close();
  expect(readOn(hosts.host, `/opt/${name}`)).toBeNull();
  return end;
};

test('a full disk is told as one', async () => {
  await hosts.host.sh(`mkdir -p /var/lib/fcops; mount -t tmpfs -o size=256k,mode=700 none /var/lib/fcops
    dd if=/dev/zero of=/var/lib/fcops/fill bs=4k 2>/dev/null || true`);
  expect(await applied('full')).toMatchObject({
    state: 'failed',
    problems: [{ kind: 'run', what: 'the disk that /var/lib/fcops is on is full; nothing was done' }],
  });
});

test('a disk without inodes is as full', async () => {
  await hosts.host.sh(`mkdir -p /var/lib/fcops; mount -t tmpfs -o nr_inodes=3,mode=700 none /var/lib/fcops
    mkdir /var/lib/fcops/runs; touch /var/lib/fcops/a /var/lib/fcops/b 2>/dev/null || true`);
  expect(await applied('inodes')).toMatchObject({
    problems: [{ what: 'the disk that /var/lib/fcops is on is full; nothing was done' }],
  });
});

test('a file system that can only be read is told as that', async () => {
  await hosts.host.sh('mkdir -p /var/lib/fcops; mount -t tmpfs -o ro none /var/lib/fcops');
  expect(await applied('read-only')).toMatchObject({
    problems: [
      {
        what: 'the file system that /var/lib/fcops is on can only be read; nothing was done',
        why: expect.stringContaining('Read-only file system'),
      },
    ],
  });
});
