import { look } from '../../core/next.ts';
import { maskOutput } from '../../core/others-secrets.ts';
import { isDeployable } from '../../roles/roles.ts';
import type { DeployHost, HostSession } from '../deploy-host.ts';
import { expectedOf } from '../hardware/expected.ts';
import type { HardwareReport } from '../hardware/hardware.ts';
import { askHardware, isBroken } from '../hardware/hardware.ts';
import type { RoleHosts } from '../role-work.ts';
import type { RebootContext } from './context.ts';

/** Told of the hardware of a host, with what is broken of it. */
export type OnHardware = (host: string, report: HardwareReport) => void;

/** The hardware of a host of a request, with no secret of it in what its log says. */
export const hardwareOf = (
  hosts: RoleHosts,
  {
    host,
    session,
  }: { readonly host: RoleHosts['hosts'][number]; readonly session: Pick<HostSession, 'ask'> },
): Promise<HardwareReport> =>
  askHardware(session, expectedOf(hosts.cluster, host, host.roles.filter(isDeployable)), (text) =>
    maskOutput(hosts.redact(text)),
  );

/** What of a machine is broken still after its reboot, as one problem: no reason to start anything (handbook 4.2). */
export const brokenHardware =
  (hosts: RoleHosts, onHardware: OnHardware = () => {}): NonNullable<RebootContext['brokenHardware']> =>
  async (host: DeployHost) => {
    const report = await hardwareOf(hosts, host);
    onHardware(host.name, report);
    if (!isBroken(report)) return [];
    const broken = report.findings.filter(({ state }) => state === 'broken');
    return [
      {
        kind: 'check',
        what: 'its hardware is broken still: nothing was started',
        where: { host: host.name },
        why: broken.map(({ what }) => what).join('\n'),
        next: [
          look('give the report to those who mend the machine: it has the serial numbers and the slots'),
        ],
      },
    ];
  };
