/** @module-tag needs-namespaces */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changesOf } from '../../../src/engine/plan.ts';
import { grubArguments } from '../../../src/resources/grub/grub-arguments.ts';
import { grubConfig } from '../../../src/resources/grub/grub-config.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { apply, converge, failureOf, plan } from './support.ts';

let hosts: SimulatedHosts;
beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [{ name: 'ubuntu', os: 'ubuntu' }] });
});
afterAll(() => hosts.stop());

const sh = (script: string) => hosts.host.sh(script);
const SPEC = { family: 'debian', arguments: { hugepagesz: '1G' } } as const;
const WANTED = [grubArguments(SPEC), grubConfig(SPEC)];
const CONFIG = '/boot/grub/grub.cfg';

beforeEach(async () => {
  await sh(`rm -rf /etc/default/grub.d /etc/grub.d /boot/grub/grub.cfg.* /var/lib/fcops/runs/r-test
    mkdir -p /etc/default/grub.d /etc/grub.d
    printf 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n' >/etc/default/grub
    update-grub`);
});

describe('what counts in grub.cfg', () => {
  it('is its own kernels: not another Linux that os-prober found, nor what is written by hand', async () => {
    await sh(`printf "menuentry 'Other' {\n\tlinux /boot/vmlinuz-6.1 root=/dev/sdb1 ro\n}\n" |
      tee /etc/grub.d/30_os-prober >/etc/grub.d/40_custom`);
    await converge(hosts.host, WANTED);
    expect(await sh(`grep -c 'linux.*hugepagesz=1G' ${CONFIG}; grep -c 'vmlinuz-6.1' ${CONFIG}`)).toBe(
      '1\n2',
    );
  });

  it('is its content, not its time', async () => {
    await converge(hosts.host, WANTED);
    await sh('touch -d 2038-01-01 /etc/default/grub');
    expect((await plan(hosts.host, WANTED)).items).toEqual([]);
  });
});

describe('arguments that are set in /etc/default/grub.d', () => {
  it('without those of /etc/default/grub are told at the plan', async () => {
    await sh(`echo 'GRUB_CMDLINE_LINUX_DEFAULT="console=ttyS0"' >/etc/default/grub.d/50-cloud.cfg`);
    const { items } = await plan(hosts.host, WANTED);
    expect(items.at(-1)).toMatchObject({
      state: 'violated',
      violation: { message: expect.stringMatching(/^\/etc\/default\/grub\.d\/50-cloud\.cfg sets /) },
    });
  });

  it.each([
    ['with them', '"console=ttyS0 hugepagesz=1G"'],
    ['after them', '"$GRUB_CMDLINE_LINUX_DEFAULT console=ttyS0"'],
    ['after them, in braces', '"$' + '{GRUB_CMDLINE_LINUX_DEFAULT} console=ttyS0"'],
  ])('%s are as good', async (_, value) => {
    await sh(`echo 'GRUB_CMDLINE_LINUX_DEFAULT=${value}' >/etc/default/grub.d/50-cloud.cfg`);
    await converge(hosts.host, WANTED);
  });
});

describe('writing grub.cfg', () => {
  const inode = () => sh(`stat -c %i ${CONFIG}`);

  it('puts the new one in place of the old as a whole, which keeps its blocks, and brings it to the disk', async () => {
    await sh(`chmod 600 ${CONFIG}
      printf '#!/bin/bash\necho "$@" >>/tmp/synced\nexec /bin/sync "$@"\n' >/usr/local/sbin/sync
      chmod 755 /usr/local/sbin/sync; rm -f /tmp/synced`);
    const before = await inode();
    await converge(hosts.host, WANTED);
    expect(await inode()).not.toBe(before);
    expect(await sh(`stat -c %i ${CONFIG}.fcops-before; stat -c %a ${CONFIG}; ls /boot/grub`)).toBe(
      `${before}\n600\ngrub.cfg\ngrub.cfg.fcops-before`,
    );
    expect(await sh('cat /tmp/synced')).toBe(`-f ${CONFIG}.fcops-new\n-f ${CONFIG}`);
    await sh('rm /usr/local/sbin/sync');
  });

  it('leaves the old one where the new one has not what is wanted', async () => {
    const toDo = await plan(hosts.host, WANTED);
    await sh(`echo 'GRUB_CMDLINE_LINUX_DEFAULT=""' >/etc/default/grub.d/99-late.cfg`);
    const before = await sh(`stat -c %i ${CONFIG}; cat ${CONFIG}`);
    expect(changesOf(toDo)).toHaveLength(2);
    expect(await failureOf(apply(hosts.host, toDo))).toContain(
      'has no hugepagesz=1G after it was written anew',
    );
    expect(await sh(`stat -c %i ${CONFIG}; cat ${CONFIG}`)).toBe(before);
    expect(await sh('ls /boot/grub')).toBe('grub.cfg');
  });
});
