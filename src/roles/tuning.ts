import { directory } from '../resources/directory/directory.ts';
import { file } from '../resources/file/file.ts';
import type { Task } from '../resources/resource.ts';
import { sysctl } from '../resources/sysctl/sysctl.ts';
import { managerSettings } from '../resources/systemd/manager-settings.ts';
import type { RoleContext } from './role.ts';
import { task } from './role.ts';
import { OPEN_FILES, withinNrOpen } from './session-limits.ts';

/** Kernel settings of a worker machine, as in the handbook (2.2.2.1, 2.3.2.1). */
const SYSCTL: Readonly<Record<string, string>> = {
  'fs.file-max': OPEN_FILES,
  'fs.nr_open': OPEN_FILES,
  'net.ipv4.tcp_tw_reuse': '1',
  'net.ipv4.tcp_fin_timeout': '30',
  'net.ipv4.tcp_keepalive_time': '1200',
  'net.ipv4.ip_local_port_range': '10000 65000',
  'net.ipv4.tcp_max_syn_backlog': '204800',
  'net.ipv4.tcp_max_tw_buckets': '204800',
  'net.ipv4.tcp_max_orphans': '204800',
  'net.core.netdev_max_backlog': '204800',
  'net.core.somaxconn': '131070',
  'vm.swappiness': '0',
  'net.unix.max_dgram_qlen': '128',
  'net.ipv4.conf.all.rp_filter': '0',
  'net.ipv4.conf.default.rp_filter': '0',
  'net.ipv4.conf.all.accept_source_route': '0',
  'net.ipv4.conf.default.accept_source_route': '0',
  'net.ipv4.neigh.default.gc_thresh1': '512',
  'net.ipv4.neigh.default.gc_thresh2': '28672',
  'net.ipv4.neigh.default.gc_thresh3': '32768',
  'vm.dirty_background_ratio': '15',
  'vm.dirty_ratio': '20',
  'vm.dirty_expire_centisecs': '6000',
};

/** Limits of what systemd starts (handbook 2.2.2.1). */
const MANAGER: Readonly<Record<string, string>> = {
  DefaultLimitNOFILE: OPEN_FILES,
  DefaultLimitNPROC: OPEN_FILES,
};

/**
 * Kernel settings and limits. The handbook writes over the distribution's files; these are files of their own
 * that are read after them, so that nothing is lost and what the handbook left there does not count.
 */
export const tuning = ({ host, render }: RoleContext): Task[] => {
  const settings = { ...SYSCTL, ...host.variables.sysctl };
  return [
    // Before the limits, which fs.nr_open bounds.
    task(
      'kernel settings',
      ['tuning'],
      [
        file({
          // After 99-sysctl.conf, which is /etc/sysctl.conf.
          path: '/etc/sysctl.d/99-zz-fcops.conf',
          content: render('etc/sysctl.conf', { settings: pairs(settings) }),
        }),
        sysctl({ settings }),
      ],
    ),
    task(
      'limits of sessions',
      ['tuning'],
      [
        withinNrOpen(
          file({
            path: '/etc/security/limits.d/99-fcops.conf',
            content: render('etc/limits.conf', { nofile: OPEN_FILES, nproc: '65000' }),
          }),
          Number(OPEN_FILES),
          Number(settings['fs.nr_open']),
        ),
      ],
    ),
    task(
      'limits of services',
      ['tuning'],
      [
        directory({ path: '/etc/systemd/system.conf.d' }),
        file({
          path: '/etc/systemd/system.conf.d/99-fcops.conf',
          content: render('etc/system.conf', { settings: pairs(MANAGER) }),
        }),
        managerSettings(MANAGER),
      ],
    ),
  ];
};

const pairs = (settings: Readonly<Record<string, string>>): { key: string; value: string }[] =>
  Object.entries(settings).map(([key, value]) => ({ key, value }));
