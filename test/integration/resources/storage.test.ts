/** @module-tag needs-namespaces */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { STEP_SHELL } from '../../../src/resources/kinds.ts';
import { fstabEntry } from '../../../src/resources/mounts/fstab.ts';
import { storageMount } from '../../../src/resources/mounts/storage.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { converge, failureOf, plan } from './support.ts';

let hosts: SimulatedHosts;
beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [{ name: 'debian', os: 'debian' }] });
});
afterEach(() => hosts.host.sh('umount /store 2>/dev/null; rm -rf /store; : >/etc/fstab'));
afterAll(() => hosts.stop());

const TARGET = '/store';

/** The kernel here has neither NFS nor ceph: a tmpfs by the same line, step and look. */
const wanted = (fstype: string, fstypes: readonly string[] = [fstype]) => [
  fstabEntry({ source: 'nas:/export', target: TARGET, fstype, options: ['_netdev'] }),
  storageMount({ name: 'nas', target: TARGET, fstypes, source: 'nas:/export', isSource: () => true }),
];

/** What mount calls for a type of that name. */
const helper = (type: string, script: string) =>
  hosts.host.sh(
    `printf '#!/bin/bash\\n%s\\n' ${JSON.stringify(script)} >/usr/sbin/mount.${type}; chmod +x /usr/sbin/mount.${type}`,
  );

/** The step alone, with few seconds. */
const mountIn = (seconds: number, type: string): Promise<string> =>
  hosts.host.sh(
    `echo 'nas:/export ${TARGET} ${type} _netdev 0 0' >/etc/fstab; export FCOPS_RUN=/tmp; ${STEP_SHELL}\nset -euo pipefail\nmount_storage ${TARGET} ${seconds} ${type}`,
  );

describe('a storage', () => {
  it('is mounted at a directory that is made for it, and then is no change', async () => {
    const first = await converge(hosts.host, wanted('tmpfs'));
    expect(first.items.map(({ kind, state }) => [kind, state])).toEqual([
      ['fstab', 'change'],
      ['storage', 'change'],
    ]);
    expect((await plan(hosts.host, wanted('tmpfs'))).items).toEqual([]);
    expect(await mountIn(5, 'tmpfs')).toBe('');
  });

  it('that is another one is left as it is', async () => {
    await converge(hosts.host, wanted('tmpfs'));
    const toDo = await plan(hosts.host, wanted('tmpfs', ['nfs', 'nfs4']));
    expect(toDo.items).toMatchObject([
      {
        state: 'violated',
        violation: { message: expect.stringContaining('tmpfs (nas:/export) is mounted at /store') },
      },
    ]);
    expect(await failureOf(mountIn(5, 'xfs'))).toBe('a tmpfs is mounted at /store, wanted is xfs');
  });

  it('is not taken for mounted where its helper says that all went well (ceph-fuse does)', async () => {
    await helper('liar', 'echo ceph-fuse: mount failed: 110 Connection timed out >&2');
    expect(await failureOf(mountIn(5, 'liar'))).toBe(
      [
        'because:',
        '/store could not be mounted',
        'ceph-fuse: mount failed: 110 Connection timed out',
        'again:',
        'see that its server is up and that this host reaches it, then run again',
      ].join('\n'),
    );
  });

  it('whose server is silent is given up', async () => {
    await helper('silent', 'exec sleep 1000');
    const begun = performance.now();
    expect(await failureOf(mountIn(1, 'silent'))).toContain(
      'nothing came of it within 1 s: its server does not answer',
    );
    expect(performance.now() - begun).toBeLessThan(6000);
  });

  it('does not hide what is on the disk of the host', async () => {
    await hosts.host.sh('mkdir -p /store/sealed');
    expect(await failureOf(mountIn(5, 'tmpfs'))).toContain('/store is not empty');
    expect(await hosts.host.sh('ls /store')).toBe('sealed');
  });
});
