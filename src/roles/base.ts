import type { RoleName } from '../inventory/cluster.ts';
import { cron } from '../resources/cron/cron.ts';
import { hostname } from '../resources/hostname/hostname.ts';
import type { Resource, Task } from '../resources/resource.ts';
import { timezone } from '../resources/timezone/timezone.ts';
import { aptMirror } from './apt-mirror.ts';
import { hostNameOf } from './host-name.ts';
import { packagesOf } from './packages.ts';
import type { RoleContext } from './role.ts';
import { task } from './role.ts';
import { storageTasks } from './storage.ts';
import { tuning } from './tuning.ts';

/** What every worker machine gets (handbook 2.2.2, 2.2.3 and 3.2, which are 2.3.2 again). */
export const base = (context: RoleContext, role: RoleName): Task[] => {
  const { cluster, host } = context;
  return [
    task('packages', ['packages'], [...aptMirror(host), packagesOf(cluster, host, role !== 'apx')]),
    ...tuning(context),
    task('time zone and clock', ['time'], [timezone(host.variables.timezone), ...clock(context)]),
    task('host name', ['hostname'], [hostname(hostNameOf(cluster, host, role))]),
    ...storageTasks(context),
  ];
};

/** The clock is set every minute (handbook 2.2.2.3). cron's shell has no `&>`. */
const clock = ({ host }: RoleContext): Resource[] => {
  const { ntpServer } = host.variables;
  if (ntpServer === null) return [];
  return [
    cron({
      user: 'root',
      line: `* * * * * /usr/sbin/ntpdate ${ntpServer} >/dev/null 2>&1`,
      match: '/usr/sbin/ntpdate ',
    }),
  ];
};
