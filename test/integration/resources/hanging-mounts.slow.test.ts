/** @module-tag needs-fuse */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { changesOf, obstaclesOf, warningsOf } from '../../../src/engine/plan.ts';
import { command } from '../../../src/resources/command/command.ts';
import { directory } from '../../../src/resources/directory/directory.ts';
import { file } from '../../../src/resources/file/file.ts';
import { guardLook } from '../../../src/resources/guard/look.ts';
import { askMount, mountLook, networkShell } from '../../../src/resources/mounts/look.ts';
import { storageMount } from '../../../src/resources/mounts/storage.ts';
import { askPath, askText, pathLook } from '../../../src/resources/path/look.ts';
import type { Resource } from '../../../src/resources/resource.ts';
import { type HangingMount, mountHanging } from '../../support/hanging-mount.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { look, plan } from './support.ts';

let hosts: SimulatedHosts;
let mounts: HangingMount[] = [];

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [{ name: 'debian', os: 'debian' }] });
});
afterEach(async () => {
  for (const one of mounts) await one.stop();
  mounts = [];
  await hosts.host.sh('umount -l /ceph /other 2>/dev/null; rm -rf /opt/link /opt/within; true');
});
afterAll(() => hosts.stop());

const mountAt = async (path: string): Promise<HangingMount> => {
  const one = await mountHanging(hosts.host, path);
  mounts.push(one);
  return one;
};

/** Only what it asks. */
const asking = (...asks: Resource['asks']): Resource => ({
  kind: 'asking',
  id: 'asking:',
  title: 'asking',
  asks,
  diff: () => ({ state: 'same' }),
});

const WANTED: readonly Resource[] = [
  asking(askMount('/ceph'), askMount('/other'), askText('/ceph/file'), askPath('/ceph/none')),
  asking(askPath('/opt/link'), askText('/opt/link/file'), askPath('/opt/within/up/file')),
  file({ path: '/etc/fcops-test', content: ['x'] }),
  directory({ path: '/opt' }),
  command({ name: 'a guard', guard: 'ls /ceph', run: ':' }),
  command({ name: 'another guard', guard: 'echo a; echo; exit 3', run: ':' }),
];

const timed = async () => {
  const begun = performance.now();
  const seen = await look(hosts.host, WANTED);
  return { seen, seconds: (performance.now() - begun) / 1000 };
};

const LINKS = 'ln -s /ceph /opt/link; mkdir /opt/within; ln -s ../../ceph /opt/within/up';

/** Processes of the host that wait where no signal reaches them. */
const stuck = () => hosts.host.sh("grep -l '^State:.D' /proc/[0-9]*/status 2>/dev/null | wc -l");

describe('a look at a host with a mount that may hang', () => {
  it('sees it and what is on it, where it answers', async () => {
    await mountAt('/ceph');
    await hosts.host.sh(LINKS);
    const { seen, seconds } = await timed();
    expect(seconds).toBeLessThan(4);
    expect(mountLook.seen(seen, '/ceph')).toMatchObject({
      source: 'ceph-fuse',
      fstype: 'fuse.ceph-fuse',
      bytes: 4096 * 1000,
      freeBytes: 4096 * 500,
    });
    expect(mountLook.seen(seen, '/ceph')).not.toHaveProperty('trouble');
    expect(mountLook.seen(seen, '/other')).toBeNull();
    expect(pathLook.seen(seen, '/ceph/file')).toMatchObject({ type: 'file', text: 'of the storage\n' });
    expect(pathLook.seen(seen, '/ceph/none')).toEqual({ type: 'absent' });
    expect(pathLook.seen(seen, '/opt/link')).toEqual({ type: 'link', target: '/ceph' });
    expect(pathLook.seen(seen, '/opt/link/file')).toMatchObject({ text: 'of the storage\n' });
    expect(pathLook.seen(seen, '/opt/within/up/file')).toMatchObject({ type: 'file' });
    expect(guardLook.seen(seen, 'another guard')).toEqual({ status: 3, output: 'a' });
  });

  it('takes five seconds for all that hang, and sees everything else', async () => {
    const one = await mountAt('/ceph');
    const other = await mountAt('/other');
    await hosts.host.sh(LINKS);
    await Promise.all([one.hang(), other.hang()]);
    const { seen, seconds } = await timed();
    expect(await stuck()).not.toBe('0');
    // The guard that touches it by itself has five of its own.
    expect(seconds).toBeGreaterThan(4);
    expect(seconds).toBeLessThan(13);
    for (const path of ['/ceph', '/other'])
      expect(mountLook.seen(seen, path)).toMatchObject({
        fstype: 'fuse.ceph-fuse',
        trouble: 'did not answer within 5 s',
      });
    for (const path of ['/ceph/file', '/ceph/none', '/opt/link/file', '/opt/within/up/file']) {
      expect(pathLook.seen(seen, path)).toBeUndefined();
      expect(pathLook.unseen(seen, path).reason).toBe('/ceph did not answer within 5 s');
    }
    expect(pathLook.seen(seen, '/opt/link')).toEqual({ type: 'link', target: '/ceph' });
    expect(pathLook.seen(seen, '/etc/fcops-test')).toEqual({ type: 'absent' });
    expect(pathLook.seen(seen, '/opt')).toMatchObject({ type: 'directory' });
    expect(guardLook.unseen(seen, 'a guard').reason).toBe(
      'it did not end within 5 s; this host has mounts that may hang',
    );
    expect(guardLook.seen(seen, 'another guard')).toEqual({ status: 3, output: 'a' });
  });

  it('makes nothing unknown but what is on one that answers in part', async () => {
    const one = await mountAt('/ceph');
    await hosts.host.sh(LINKS);
    await one.hang('file');
    const { seen, seconds } = await timed();
    expect(await stuck()).not.toBe('0');
    // What is looked at, and the guard that touches it by itself.
    expect(seconds).toBeLessThan(13);
    expect(mountLook.seen(seen, '/ceph')).not.toHaveProperty('trouble');
    for (const path of ['/ceph/file', '/opt/link/file', '/ceph/none'])
      expect(pathLook.unseen(seen, path).reason).toBe(
        'the file system that it is on did not answer within 5 s',
      );
    expect(pathLook.seen(seen, '/etc/fcops-test')).toEqual({ type: 'absent' });
    expect(pathLook.seen(seen, '/opt')).toMatchObject({ type: 'directory' });
    expect(guardLook.seen(seen, 'another guard')).toEqual({ status: 3, output: 'a' });
  });

  it('does not touch one that nobody asks about', async () => {
    const one = await mountAt('/other');
    await one.hang();
    const begun = performance.now();
    await look(hosts.host, [file({ path: '/etc/fcops-test', content: ['x'] })]);
    expect(performance.now() - begun).toBeLessThan(4000);
    expect(await stuck()).toBe('0');
  });

  it('tells one whose server has ended by what the kernel says of it', async () => {
    const one = await mountAt('/ceph');
    await one.stop();
    mounts = [];
    const { seen, seconds } = await timed();
    expect(seconds).toBeLessThan(4);
    expect(mountLook.seen(seen, '/ceph')).toMatchObject({
      trouble: 'does not answer: Transport endpoint is not connected',
    });
    expect(pathLook.unseen(seen, '/ceph/file').reason).toBe(
      '/ceph does not answer: Transport endpoint is not connected',
    );
  });

  it('is told in the plan, and keeps nothing else from being changed', async () => {
    const one = await mountAt('/ceph');
    await one.hang();
    const toDo = await plan(hosts.host, [
      storageMount({
        name: 'ceph',
        target: '/ceph',
        fstypes: ['fuse.ceph-fuse'],
        source: '10.0.0.1:6789:/',
        isSource: () => true,
      }),
      file({ path: '/etc/fcops-test', content: ['x'] }),
    ]);
    expect(obstaclesOf(toDo)).toEqual([]);
    expect(warningsOf(toDo)).toEqual([
      'storage ceph (10.0.0.1:6789:/) is mounted at /ceph and did not answer within 5 s',
    ]);
    expect(changesOf(toDo).map(({ resource }) => resource)).toEqual(['file:/etc/fcops-test']);
  });

  it('pays no process for it where there is none', async () => {
    const last = 'read -r _ _ _ _ PID </proc/loadavg';
    const counted = await hosts.host.sh(
      [networkShell, last.replace('PID', 'before'), 'fcops_net_start /opt /etc', last.replace('PID', 'after')]
        .concat('echo $((after - before))')
        .join('\n'),
    );
    expect(counted).toBe('0');
  });

  it('sees it again when it has come back', async () => {
    const one = await mountAt('/ceph');
    await one.hang();
    await look(hosts.host, [asking(askMount('/ceph'))]);
    await one.recover();
    const seen = await look(hosts.host, [asking(askMount('/ceph'))]);
    expect(mountLook.seen(seen, '/ceph')).not.toHaveProperty('trouble');
  });
});
