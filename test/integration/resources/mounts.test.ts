/** @module-tag needs-namespaces */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fstabEntry } from '../../../src/resources/mounts/fstab.ts';
import { mounted } from '../../../src/resources/mounts/mounted.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { apply, converge, failureOf, plan } from './support.ts';

let hosts: SimulatedHosts;
beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [{ name: 'debian', os: 'debian' }] });
});
afterAll(() => hosts.stop());

const TARGET = '/opt/pages';

/** A tmpfs has a size as a hugetlbfs has, and can be mounted without being root of the machine. */
const wanted = (size: string) => {
  const options = [`size=${size}`, 'nofail'];
  return [
    fstabEntry({ source: 'none', target: TARGET, fstype: 'tmpfs', options }),
    mounted({ target: TARGET, fstype: 'tmpfs', options }),
  ];
};

const liveSize = () => hosts.host.sh(`grep ' ${TARGET} ' /proc/self/mountinfo | grep -o 'size=[^,]*'`);

describe('a live mount', () => {
  it('with another size is unmounted and mounted, in full, however many lie over each other', async () => {
    await converge(hosts.host, wanted('8M'));
    expect(await liveSize()).toBe('size=8192k');
    await hosts.host.sh(`mount -t tmpfs -o size=3M none ${TARGET}`);
    const first = await converge(hosts.host, wanted('4096K'));
    expect(first.items.at(-1)).toMatchObject({
      change: { details: [{ name: 'size', before: '3 MiB', after: '4 MiB' }] },
    });
    expect(await liveSize()).toBe('size=4096k');
  });

  it('in use is left as it is, and who uses it is told', async () => {
    await converge(hosts.host, wanted('8M'));
    const pid = await hosts.host.sh(
      `echo x >${TARGET}/file; sleep 1000 <${TARGET}/file >/dev/null 2>&1 & echo $!`,
    );
    const toDo = await plan(hosts.host, wanted('2M'));
    expect(toDo.items.at(-1)).toMatchObject({
      state: 'reboot',
      reason: expect.stringContaining(`1 process uses it (${pid} sleep)`),
    });
    await hosts.host.sh(`kill ${pid}; while [ -e /proc/${pid} ]; do sleep 0.05; done`);
    const free = await plan(hosts.host, wanted('2M'));
    const late = await hosts.host.sh(`exec 3<&-; cd ${TARGET} && { sleep 1000 >/dev/null 2>&1 & }; echo $!`);
    expect(await failureOf(apply(hosts.host, free))).toMatch(
      new RegExp(`has other sizes, and is in use by now \\(${late} sleep\\); it is as it was`),
    );
    await hosts.host.sh(`kill ${late}; while [ -e /proc/${late} ]; do sleep 0.05; done`);
    await converge(hosts.host, wanted('2M'));
    expect(await liveSize()).toBe('size=2048k');
  });
});
