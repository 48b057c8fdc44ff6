/** @module-tag needs-namespaces */
import { expect, it } from 'vitest';
import { bootRisksQuery } from '../../../src/ops/reboot/boot-risks.ts';
import { startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { sessionWith } from '../engine/support.ts';

it('of fstab only disks without which a boot stops are named, each with its line', async () => {
  const hosts = await startSimulatedHosts({ hosts: 1 });
  const { session } = sessionWith(hosts, hosts.host);
  try {
    const lines = [
      '# /dev/sdz1 /away ext4 defaults 0 2',
      'UUID=0a1b /opt/raid0 ext4 defaults 0 2',
      '/dev/md0 /data xfs defaults,nofail 0 2',
      '/dev/sdb1 none swap sw 0 0',
      '/dev/sdc1 /later ext4 noauto 0 0',
      '10.0.0.9:/export /mnt/nfs nfs hard 0 0',
      'LABEL=store /store ext4 _netdev 0 0',
      '',
      '/dev/sdd1 /last ext4 defaults 0 2',
    ];
    await hosts.host.sh(
      `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} | head -c -1 >/etc/fstab`,
    );
    const risks = await session.ask(bootRisksQuery);
    expect(
      risks.filter((line) => line.startsWith('/etc/fstab')).map((line) => line.split(' has ')[0]),
    ).toEqual(['/etc/fstab, line 2: UUID=0a1b at /opt/raid0', '/etc/fstab, line 9: /dev/sdd1 at /last']);
  } finally {
    await session.close();
    await hosts.stop();
  }
});
